import { describe, expect, test } from 'vitest';
import type { RunStore } from '../../src/repository/run-store.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { assistant, type Line, text, user, uuid } from '../importers/claude-code/transcripts.ts';
import { edit, remove, runsOf } from '../support/list-source.ts';
import { digestsIn, History } from './support/history.ts';

/** A prompt and its answer; the lines have the numbers from `first` on. */
function exchange(first: number, prompt: string, fields: Line = {}): Line[] {
  const answer = { id: `m${first}`, usage: { input_tokens: 10, output_tokens: first } };
  return [
    user(first, prompt, fields),
    assistant(first + 1, [text(`Answer to ${prompt}`)], answer, fields),
  ];
}

const SHOP = [...exchange(1, 'Fix the till'), ...exchange(3, 'And the door')];
const FORK = { sessionId: 'session-b' };
const FORKED = [
  ...SHOP.map((line) => ({ ...line, ...FORK })),
  ...exchange(5, 'Now the roof', FORK),
];

async function prompts(store: RunStore): Promise<string[]> {
  return (await runsOf(store)).map(({ input }) => input.prompt);
}

describe('a second import', () => {
  test('reads nothing and changes nothing', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP);
    expect(await history.into(store)).toMatchObject({
      ...{ files: 1, filesRead: 1, read: 2, runs: 2, sessions: 1, steps: 2, written: 2 },
      ...{ verified: 2, unchanged: 0, differences: [], setAside: [] },
      usage: { inputTokens: 20, outputTokens: 4 },
    });
    const before = await store.position();
    expect(await history.into(store)).toMatchObject({
      files: 1,
      filesRead: 0,
      read: 0,
      written: 0,
    });
    expect(await history.into(store, { again: true })).toMatchObject({ read: 2, unchanged: 2 });
    expect(await store.position()).toEqual(before);
  });

  test('of a file that grew adds what is new', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP.slice(0, 3));
    await history.into(store);
    expect((await runsOf(store)).map(({ status }) => status)).toEqual(['SUCCESS', 'FAILED']);
    history.write('shop/session-a.jsonl', SHOP);
    expect(await history.into(store)).toMatchObject({ read: 2, written: 1, replaced: [] });
    expect((await runsOf(store)).map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('of a file that went quiet in the middle says that its run did not end', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP.slice(0, 3));
    await history.into(store, { now: Date.now() });
    const statuses = async () => (await runsOf(store)).map(({ status }) => status);
    expect(await statuses()).toEqual(['SUCCESS', 'RUNNING']);
    const later = Date.now() + 11 * 60_000;
    expect(await history.into(store, { now: later })).toMatchObject({ filesRead: 1, written: 1 });
    expect(await statuses()).toEqual(['SUCCESS', 'FAILED']);
    expect(await history.into(store, { now: later })).toMatchObject({ filesRead: 0 });
  });

  test('lists again what could not be taken, until it can be', async () => {
    const history = new History();
    const store = openMemoryStore();
    const whole = `${SHOP.map((line) => JSON.stringify(line)).join('\n')}\n`;
    const path = history.write('shop/session-a.jsonl', whole.slice(0, -20));
    const cut = [{ source: `${path} line 4`, reason: expect.stringContaining('cut off') }];
    expect((await history.into(store)).setAside).toEqual(cut);
    expect((await history.into(store)).setAside).toEqual(cut);
    expect(await store.quarantined()).toMatchObject([{ origin: path, name: 'line 4' }]);
    history.write('shop/session-a.jsonl', whole);
    expect((await history.into(store)).setAside).toEqual([]);
    expect(await store.quarantined()).toEqual([]);
  });
});

describe('a session that was forked', () => {
  const names = ['shop/session-a.jsonl', 'shop/session-b.jsonl'];

  test.for([
    ['together', [names]],
    ['the fork later', [[names[0]], [names[1]]]],
    ['the fork first', [[names[1]], [names[0]]]],
    ['each as all grow', [[names[1]], names, [names[0]]]],
  ] as [string, string[][]][])('counts once, imported %s', async ([, orders]) => {
    const history = new History();
    history.write('shop/session-a.jsonl', SHOP);
    history.write('shop/session-b.jsonl', FORKED);
    const store = openMemoryStore();
    for (const only of orders) {
      expect((await history.into(store, { only })).differences).toEqual([]);
    }
    expect(await prompts(store)).toEqual(['Fix the till', 'And the door', 'Now the roof']);
    const whole = openMemoryStore();
    await history.into(whole);
    expect(await digestsIn(store)).toEqual(await digestsIn(whole));
    const sessions = (await runsOf(store)).map(({ sessionId }) => sessionId);
    expect(sessions).toEqual(['session-a', 'session-a', 'session-b']);
  });

  test('counts once also when what it was forked from is gone', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP);
    await history.into(store);
    history.remove('shop/session-a.jsonl');
    history.write('shop/session-b.jsonl', FORKED);
    const report = await history.into(store);
    expect(report).toMatchObject({ written: 1, differences: [] });
    expect((await runsOf(store)).map(({ sessionId }) => sessionId)).toEqual([
      'session-a',
      'session-a',
      'session-b',
    ]);
  });

  test('leaves what is there where the other file is gone and was not kept', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP);
    await history.into(store, { keepsSource: false });
    const before = await digestsIn(store);
    history.remove('shop/session-a.jsonl');
    history.write('shop/session-b.jsonl', FORKED);
    await history.into(store, { keepsSource: false });
    expect(await digestsIn(store)).toMatchObject(before);
    expect(await prompts(store)).toEqual(['Fix the till', 'And the door', 'Now the roof']);
  });
});

describe('a file that is not what it was', () => {
  test.for([
    ['is shorter', SHOP.slice(2), 'shorter'],
    ['is another one', exchange(11, 'Something else'), 'shorter'],
    [
      'is another one and longer',
      [...exchange(11, 'Other'), ...exchange(13, 'More'), ...SHOP],
      'another',
    ],
  ] as [string, Line[], string][])(
    'keeps the runs that it gave: it %s',
    async ([, lines, word]) => {
      const history = new History();
      const store = openMemoryStore();
      const path = history.write('shop/session-a.jsonl', SHOP);
      await history.into(store);
      const before = await digestsIn(store);
      history.write('shop/session-a.jsonl', lines);
      const report = await history.into(store);
      expect(report.replaced).toEqual([{ path, reason: expect.stringContaining(word) }]);
      expect(Object.keys(await digestsIn(store))).toEqual(
        expect.arrayContaining(Object.keys(before)),
      );
      const generations = await store.importedFiles({ agent: 'claude-code', limit: 10 });
      expect(generations.map(({ generation }) => generation).sort()).toEqual([0, 1]);
      expect((await history.into(store)).replaced).toEqual([]);
    },
  );

  test('keeps them too where bytes are not kept', async () => {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP);
    await history.into(store, { keepsSource: false });
    history.write('shop/session-a.jsonl', exchange(11, 'Something else'));
    await history.into(store, { keepsSource: false });
    expect(await prompts(store)).toEqual(['Fix the till', 'And the door', 'Something else']);
  });
});

describe('what somebody did in the store since', () => {
  async function importedOnce() {
    const history = new History();
    const store = openMemoryStore();
    history.write('shop/session-a.jsonl', SHOP.slice(0, 3));
    await history.into(store);
    const [first, second] = await runsOf(store);
    if (first === undefined || second === undefined) throw new Error('two runs were written');
    history.write('shop/session-a.jsonl', SHOP);
    return { history, store, first, second };
  }

  test('a run that was deleted stays deleted, unless it is asked for', async () => {
    const { history, store, first, second } = await importedOnce();
    await remove(store, first.id);
    await remove(store, second.id);
    expect(await history.into(store)).toMatchObject({ written: 0, leftDeleted: 2 });
    expect(await prompts(store)).toEqual([]);
    const all = { again: true, bringsBack: true };
    expect(await history.into(store, all)).toMatchObject({ written: 2, leftDeleted: 0 });
  });

  test('tags stay when the run changes', async () => {
    const { history, store, second } = await importedOnce();
    await edit(store, { ...second, tags: ['door'] });
    expect(await history.into(store)).toMatchObject({ written: 1, differences: [] });
    const [, now] = await runsOf(store);
    expect([now?.status, now?.tags]).toEqual(['SUCCESS', ['door']]);
    expect(await history.into(store, { again: true })).toMatchObject({ written: 0, unchanged: 2 });
  });

  test('another change is left and told', async () => {
    const { history, store, second } = await importedOnce();
    await edit(store, { ...second, repository: 'renamed' });
    expect(await history.into(store)).toMatchObject({ written: 0, differences: [second.id] });
    expect((await runsOf(store))[1]?.repository).toBe('renamed');
  });
});

test('an import into a store that was moved is refused', async () => {
  const history = new History();
  const store = openMemoryStore();
  await store.fence('elsewhere');
  history.write('shop/session-a.jsonl', SHOP);
  await expect(history.into(store)).rejects.toMatchObject({ code: 'MOVED' });
});

test('bytes are kept as they lie, also when a file grows past a piece', async () => {
  const history = new History();
  const store = openMemoryStore();
  const large = user(9, 'x'.repeat(1_500_000));
  const path = history.write('shop/session-a.jsonl', [...SHOP, large]);
  await history.into(store);
  history.write('shop/session-a.jsonl', [...SHOP, large, ...exchange(10, uuid(3))]);
  await history.into(store);
  history.remove('shop/session-a.jsonl');
  const again = openMemoryStore();
  const report = await history.into(store, { again: true });
  expect(report).toMatchObject({ read: 4, unchanged: 4, deleted: 0 });
  expect(report.differences).toEqual([]);
  expect((await store.importedFiles({ limit: 9 })).map((file) => file.path)).toEqual([path]);
  await again.close();
});
