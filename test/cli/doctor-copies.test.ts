import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCopies } from '../../src/cli/doctor/check-copies.ts';
import { checkMirror } from '../../src/cli/doctor/check-mirror.ts';
import type { StoreConfiguration } from '../../src/config/store-configuration.ts';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { openRunStore } from '../../src/open-repository.ts';
import type { RunSource } from '../../src/repository/run-source.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { followCopy } from '../../src/services/copy/follow-copy.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { edit, listSource } from '../support/list-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;

/** Copies a source whole, or until so many items are done. */
async function copy(source: RunSource, target: RunStore, upTo = Infinity): Promise<void> {
  const control = new AbortController();
  await copyRuns(source, target, {
    signal: control.signal,
    onProgress: ({ done }) => done >= upTo && control.abort(),
  }).catch((error: unknown) => {
    if (!control.signal.aborted) throw error;
  });
}

describe('what doctor says of a mirror', () => {
  function newMirror(): StoreConfiguration {
    return { type: 'sqlite', database: join(temporaryFolder(), 'mirror.db') };
  }

  async function withMirror(use: (mirror: RunStore) => Promise<void>): Promise<StoreConfiguration> {
    const configuration = newMirror();
    const mirror = await openRunStore(configuration);
    await use(mirror);
    await mirror.close();
    return configuration;
  }

  test('that is not there, that nothing was copied to, whose first copy ended early', async () => {
    const store = openMemoryStore();
    for (const run of makeRuns(2_200)) await edit(store, run);
    const source = await storeSource(store);
    const [empty, half] = [
      await withMirror(async () => {}),
      await withMirror((mirror) => copy(source, mirror, 500)),
    ];
    for (const [mirror, text] of [
      [newMirror(), 'is not there yet'],
      [empty, 'nothing was copied to it yet'],
      [half, 'the first copy is under way, or ended early'],
    ] as const) {
      const check = await checkMirror(store, mirror);
      expect(check).toMatchObject({ state: 'warning', hint: expect.stringMatching(/ mirror$/) });
      expect(check.text).toContain(text);
    }
  });

  test('whose place the ledger forgot', async () => {
    const store = openMemoryStore();
    await edit(store, makeRun(1));
    const mirror = await withMirror(async (target) => copy(await storeSource(store), target));
    expect(await checkMirror(store, mirror)).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('up to date'),
    });
    for (const number of [2, 3]) await edit(store, makeRun(number));
    await store.trimLedger('9999-12-31T23:59:59.999Z', 1_000);
    expect(await checkMirror(store, mirror)).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('has to be compared anew'),
    });
  });

  test('that is up to date and not as the store is', async () => {
    const store = openMemoryStore();
    await edit(store, makeRun(1));
    const mirror = await withMirror(async (target) => {
      await edit(target, makeRun(1, { branch: 'mine' }));
      await copy(await storeSource(store), target);
    });
    expect(await checkMirror(store, mirror)).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('1 run not as in the store'),
    });
  });

  test.each([
    ['ok', 30 * MINUTE, '30m'],
    ['warning', 120 * MINUTE, '2h'],
  ])('that is behind is a warning after an hour: %s', async (state, age, said) => {
    const store = openMemoryStore({ now: () => Date.now() - age });
    const mirror = await withMirror(async (target) => copy(await storeSource(store), target));
    await edit(store, makeRun(1));
    expect(await checkMirror(store, mirror)).toMatchObject({
      state,
      text: expect.stringContaining(`1 change behind: the first was ${said} ago`),
    });
  });
});

describe('what doctor says of copies that came in', () => {
  const broken = ['a.json', 'b.json'];
  const once = { read: 2, written: 2, verified: 2 };

  test('one line of figures; the document keeps the whole report', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource(makeRuns(2), { setAside: broken }), target);
    const setAside = broken.map((source) => ({ source, reason: `${source} is broken.` }));
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await checkCopies(target)).toEqual([
      {
        ...{ name: 'copy', state: 'ok' },
        text: 'from file:/runs, just now: 2 runs, 2 compared, 2 put aside',
        details: {
          ...{ origin: 'file:/runs', startedAt: time, finishedAt: time },
          report: expect.objectContaining({ ...once, setAside, differences: [], conflicts: [] }),
        },
      },
    ]);
  });

  test('conflicts are counted, and named', async () => {
    const target = openMemoryStore();
    await edit(target, makeRun(1, { branch: 'there' }));
    await copyRuns(listSource([makeRun(1, { branch: 'here' })]), target);
    expect(await checkCopies(target)).toMatchObject([
      {
        state: 'warning',
        text: expect.stringMatching(/: 1 run, 0 compared, 1 conflict$/),
        items: [{ name: makeRun(1).id }],
      },
    ]);
  });

  test('a follower to whom nothing came has not compared nothing', async () => {
    const [source, target] = [openMemoryStore(), openMemoryStore()];
    await edit(source, makeRun(1));
    for (const figures of ['1 run, 1 compared', 'nothing new']) {
      await followCopy(source, target, { stop: AbortSignal.abort() });
      const [check] = await checkCopies(target);
      expect(check?.text.endsWith(`, just now: ${figures}`)).toBe(true);
    }
  });
});
