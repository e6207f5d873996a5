import { describe, expect, test } from 'vitest';
import { idOf, inputOf, makeRun, outputOf } from '../../../src/conformance/make-run.ts';
import { deletion, put } from '../../../src/conformance/operations.ts';
import type { AgentRun, RunStep } from '../../../src/domain/run.ts';
import { change, newPath, openStore, rowsOf, singleValue } from './support/store-file.ts';

const ATOMIC = { atomic: true };
const text = (name: string) => `${name}: ${'all work and no play. '.repeat(60)}`;
const say = (content: string): RunStep => ({ kind: 'message', input: { role: 'user', content } });
const countContents = (path: string) => singleValue(path, 'SELECT count(*) FROM contents');

describe('large texts of steps', () => {
  test('are kept once, however many steps and runs repeat them', async () => {
    const path = newPath();
    const store = await openStore({ path });
    const conversation = ['one', 'two', 'three'].map(text);
    const steps = conversation.map((_, turn) => ({
      kind: 'model_call' as const,
      input: { messages: conversation.slice(0, turn + 1) },
    }));
    const runs = [makeRun(1, { steps }), makeRun(2, { steps })];
    await store.write(
      runs.map((run) => put(run)),
      ATOMIC,
    );
    expect(countContents(path)).toBe(3);
    expect(singleValue(path, "SELECT count(*) FROM run_steps WHERE input LIKE '%no play%'")).toBe(
      0,
    );
    const read = await store.read(runs.map(({ id }) => id));
    for (const run of runs) expect(read.get(run.id)?.steps).toEqual(run.steps);
  });

  test('stay when a step is added, and only the new step is written', async () => {
    const path = newPath();
    const statements: string[] = [];
    const store = await openStore({ path, logging: ({ sql }) => statements.push(sql) });
    const steps = [say(text('one')), say(text('two'))];
    await store.write([put(makeRun(1, { status: 'RUNNING', steps }))], ATOMIC);
    statements.length = 0;
    const grown = makeRun(1, { status: 'RUNNING', steps: [...steps, say(text('three'))] });
    await store.write([put(grown)], ATOMIC);
    expect(countContents(path)).toBe(3);
    expect(
      statements.filter((sql) => /(INSERT INTO|UPDATE|DELETE FROM) run_steps/.test(sql)),
    ).toHaveLength(1);
    expect((await store.read([grown.id])).get(grown.id)?.steps).toEqual(grown.steps);
  });

  test('are packed where that helps', async () => {
    const path = newPath();
    const store = await openStore({ path });
    const random = Array.from({ length: 400 }, (_, i) =>
      Math.sin(i + 1)
        .toString(36)
        .slice(-3),
    ).join('');
    await store.write([put(makeRun(1, { steps: [say(text('one')), say(random)] }))], ATOMIC);
    const rows = rowsOf(
      path,
      'SELECT packing, size, length(bytes) AS bytes FROM contents ORDER BY size',
    );
    expect(rows.map(({ packing }) => packing)).toContain('zstd');
    for (const { packing, size, bytes } of rows) {
      if (packing === 'plain') expect(bytes).toBe(size);
      else expect(Number(bytes)).toBeLessThan(Number(size) * 0.9);
    }
  });

  test('a text that is referred to and gone is CORRUPT, not an empty string', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(makeRun(1, { steps: [say(text('one'))] }))], ATOMIC);
    change(path, 'DELETE FROM contents');
    await expect(store.read([idOf(1)])).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});

describe('images in the ledger', () => {
  const large = 'x'.repeat(1_000_000);
  const withLargeTexts = (fields: Partial<AgentRun> = {}) =>
    makeRun(1, {
      input: { ...inputOf(`prompt ${large}`), diff: `diff ${large}` },
      output: { ...outputOf('done'), rawResponse: `raw ${large}` },
      steps: [say(`step ${large}`)],
      ...fields,
    });
  const largestImage = (path: string) =>
    singleValue(path, 'SELECT max(length(overwrote)) FROM run_changes');

  test('of a changed and of a deleted run refer to its large texts', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(withLargeTexts())], ATOMIC);
    await store.write([put(makeRun(1, { input: inputOf('small') }))], ATOMIC);
    await store.write([put(withLargeTexts())], ATOMIC);
    await store.write([deletion(idOf(1))], ATOMIC);
    expect(largestImage(path)).toBeLessThan(2_000);
    // Prompt, diff, raw response and step, once each, and at most one image that is large itself.
    expect(countContents(path)).toBeLessThanOrEqual(5);

    const [, changed, , deleted] = await store.history(idOf(1));
    expect(changed?.overwrote).toMatchObject({
      old: { steps: withLargeTexts().steps, output: withLargeTexts().output },
      inside: { input: { old: { prompt: `prompt ${large}`, diff: `diff ${large}` } } },
    });
    expect(deleted?.overwrote).toMatchObject(withLargeTexts());
  });

  test('of a change that leaves the large texts alone do not mention them', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(withLargeTexts({ status: 'RUNNING' }))], ATOMIC);
    const before = countContents(path);
    await store.write([put(withLargeTexts({ status: 'FAILED', duration: 5 }))], ATOMIC);
    expect(countContents(path)).toBe(before);
    expect(rowsOf(path, 'SELECT overwrote FROM run_changes ORDER BY seq')[1]).toEqual({
      overwrote: JSON.stringify({ old: { status: 'RUNNING' }, added: ['duration'] }),
    });
  });

  test('of a list of steps that came and went say whether it was there', async () => {
    const store = await openStore({ path: newPath() });
    for (const steps of [undefined, [], [say('hello')], undefined]) {
      await store.write([put(makeRun(1, steps && { steps }))], ATOMIC);
    }
    const images = (await store.history(idOf(1))).map(({ overwrote }) => overwrote);
    expect(images).toEqual([
      null,
      { old: {}, added: ['steps'] },
      { old: { steps: [] }, added: [] },
      { old: { steps: [say('hello')] }, added: [] },
    ]);
  });
});
