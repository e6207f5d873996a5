import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { SourceItem } from '../../../src/repository/run-source.ts';
import type { RunStore, WriteOptions } from '../../../src/repository/run-store.ts';
import type { CopyProgress } from '../../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { listSource, runsOf, unreadable } from '../../support/list-source.ts';

const NOTHING = {
  ...{ read: 0, written: 0, unchanged: 0, deleted: 0, setAside: [], verified: 0, files: 0 },
  ...{ fileDifferences: [], differences: [], conflicts: [], gone: [], isResumed: false },
};

describe('a first copy and a second', () => {
  test('the first writes everything, the second nothing', async () => {
    const target = openMemoryStore();
    const source = listSource(makeRuns(7));
    expect(await copyRuns(source, target)).toEqual({
      ...NOTHING,
      read: 7,
      written: 7,
      verified: 7,
    });
    const before = await target.position();
    expect(await copyRuns(source, target)).toEqual({
      ...NOTHING,
      read: 7,
      unchanged: 7,
      verified: 7,
    });
    expect(await target.position()).toEqual(before);
  });

  test('nothing is copied from an empty source', async () => {
    expect(await copyRuns(listSource([]), openMemoryStore())).toEqual(NOTHING);
  });

  test('versions and times are kept as they were', async () => {
    const stamps = {
      version: 7,
      createdAt: '2026-01-02T03:04:05.006Z',
      updatedAt: '2026-02-03T04:05:06.007Z',
    };
    const target = openMemoryStore();
    await copyRuns(listSource([makeRun(1, stamps)]), target);
    expect(await runsOf(target)).toEqual([makeRun(1, stamps)]);
  });

  test('a run that changed in the source is taken over', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([makeRun(1, { status: 'RUNNING' }), makeRun(2)]), target);
    const source = listSource([makeRun(1, { status: 'FAILED' }), makeRun(2)]);
    expect(await copyRuns(source, target)).toEqual({
      ...NOTHING,
      read: 2,
      written: 1,
      unchanged: 1,
      verified: 2,
    });
    expect(await runsOf(target)).toMatchObject([{ status: 'FAILED', version: 2 }, { version: 1 }]);
  });
});

describe('what could not be read', () => {
  const kept = async (store: RunStore) => (await store.quarantined()).map(({ name }) => name);

  test('is kept in the quarantine, told, and released when it was read as a run', async () => {
    const target = openMemoryStore();
    const elsewhere = unreadable('file:/other', 'c.json');
    await target.quarantine([elsewhere]);
    const first = listSource([makeRun(1)], { setAside: ['a.json', 'b.json'] });
    const report = await copyRuns(first, target);
    expect(report).toMatchObject({ read: 1, written: 1, verified: 1 });
    expect(report.setAside).toEqual([
      { source: 'a.json', reason: 'a.json is broken.' },
      { source: 'b.json', reason: 'b.json is broken.' },
    ]);
    expect(await target.quarantined()).toEqual([
      elsewhere,
      unreadable('file:/runs', 'a.json'),
      unreadable('file:/runs', 'b.json'),
    ]);
    const mended = listSource([makeRun(1), makeRun(2)], { names: ['1.json', 'a.json'] });
    await copyRuns(mended, target);
    expect(await kept(target)).toEqual(['c.json', 'b.json']);
  });

  test('stays in the quarantine when it is gone, as from a folder that is not mounted', async () => {
    const target = openMemoryStore();
    await copyRuns(listSource([], { setAside: ['a.json', 'b.json'] }), target);
    await copyRuns(listSource([makeRun(1)], { setAside: ['b.json'] }), target);
    await copyRuns(listSource([]), target);
    expect(await target.quarantined()).toEqual([
      unreadable('file:/runs', 'a.json'),
      unreadable('file:/runs', 'b.json'),
    ]);
  });

  test('is not asked about where there is nothing to ask', async () => {
    const store = openMemoryStore();
    const calls: string[] = [];
    const target: RunStore = {
      ...store,
      async quarantine(items) {
        calls.push(`keep ${items.length}`);
        await store.quarantine(items);
      },
      async releaseQuarantined(origin, names) {
        calls.push(`release ${names.join()}`);
        await store.releaseQuarantined(origin, names);
      },
      async quarantined(origin, options) {
        calls.push(`look ${origin} ${options?.withBytes ?? true}`);
        return await store.quarantined(origin, options);
      },
    };
    await copyRuns(listSource(makeRuns(2)), target);
    expect(calls).toEqual(['look undefined false']);
    await copyRuns(listSource([], { setAside: ['a.json'] }), target);
    await copyRuns(listSource([makeRun(3)], { names: ['a.json'] }), target);
    expect(calls.filter((call) => !call.startsWith('look'))).toEqual(['keep 1', 'release a.json']);
  });
});

describe('a file that changes while the source is read', () => {
  const ORIGIN = 'file:/runs';
  const asRun = {
    kind: 'run',
    name: 'a.json',
    run: makeRun(1_000),
    digest: digestOf(makeRun(1_000)),
  } as const;
  const asNone = { kind: 'set-aside', item: unreadable(ORIGIN, 'a.json') } as const;
  const others = makeRuns(500, { repository: 'between' }).map((run) => {
    return { kind: 'run', name: run.id, run, digest: digestOf(run) } as const;
  });

  async function copyOf(...items: SourceItem[]) {
    const source = {
      ...listSource([], { origin: ORIGIN }),
      async *items() {
        yield* items;
      },
    };
    const target = openMemoryStore();
    const { setAside } = await copyRuns(source, target);
    return { told: setAside.length, kept: (await target.quarantined()).length };
  }

  test.each([
    ['in one batch', []],
    ['across two', others],
  ] as const)('counts as what it was last, %s', async (_, between) => {
    expect(await copyOf(asNone, ...between, asRun)).toEqual({ told: 0, kept: 0 });
    expect(await copyOf(asRun, ...between, asNone)).toEqual({ told: 1, kept: 1 });
    expect(await copyOf(asRun, ...between, asNone, ...between, asRun)).toEqual({
      told: 0,
      kept: 0,
    });
    expect(await copyOf(asNone, ...between, asRun, ...between, asNone)).toEqual({
      told: 1,
      kept: 1,
    });
  });
});

describe('how it is written', () => {
  /** A store that tells what is asked of it. */
  function listening(store = openMemoryStore()) {
    const calls: string[] = [];
    const options = new Set<WriteOptions>();
    const told: RunStore = {
      ...store,
      write(operations, given) {
        calls.push(`write ${operations.length}`);
        options.add(given);
        return store.write(operations, given);
      },
      async read(ids) {
        calls.push(`read ${ids.length}`);
        return await store.read(ids);
      },
      async flush() {
        calls.push('flush');
        await store.flush();
      },
    };
    return { store: told, calls, options };
  }

  test('in batches of 500, made safe before they are read back', async () => {
    const { store, calls, options } = listening();
    await copyRuns(listSource(makeRuns(1001)), store);
    expect(calls).toEqual([
      ...['write 500', 'write 500', 'write 1', 'flush'],
      ...['read 500', 'read 500', 'read 1'],
    ]);
    const expected = { atomic: false, origin: 'file:/runs', durability: 'bulk' };
    expect([...options]).toEqual([expected, expected, expected]);
  });

  test('in batches of 8 MB, of which a run may have more', async () => {
    const { store, calls } = listening();
    const large = (n: number, size: number) =>
      makeRun(n, { input: { ...makeRun(n).input, diff: 'x'.repeat(size) } });
    const runs = [large(1, 5e6), large(2, 5e6), large(3, 9e6), large(4, 10)];
    expect(await copyRuns(listSource(runs), store)).toMatchObject({ verified: 4 });
    expect(calls.slice(0, 3)).toEqual(['write 2', 'write 1', 'write 1']);
  });

  test('of two equal ids the later counts, in one batch and across two', async () => {
    const target = openMemoryStore();
    const again = (n: number) => makeRun(n, { branch: 'later' });
    const source = listSource([...makeRuns(501), again(500), again(0), again(500)]);
    // Of the three states of run 500 the last two are one batch; run 0 changes in a batch of its own.
    const written = { read: 502, written: 502, verified: 501, differences: [] };
    expect(await copyRuns(source, target)).toMatchObject(written);
    const branches = (await runsOf(target)).flatMap((run) => (run.branch ? run.id : []));
    expect(branches).toEqual([makeRun(0).id, makeRun(500).id]);
  });

  test('progress: copying, verifying, indexing', async () => {
    const store = openMemoryStore();
    const behind = [2_500, 1_500, 500, 0];
    const target = { ...store, catchUpSearch: async () => behind.shift() ?? 0 };
    const seen: CopyProgress[] = [];
    const source = listSource(makeRuns(600), { setAside: ['a.json'] });
    await copyRuns(source, target, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual([
      ...['copy 0/601', 'copy 500/601', 'copy 601/601'],
      ...['verify 500/600', 'verify 600/600'],
      ...['index 1000/3500', 'index 2000/3500', 'index 3000/3500'],
    ]);
    expect(behind).toEqual([]);
  });

  test('the index is not followed for ever where somebody keeps writing', async () => {
    let calls = 0;
    const catchUpSearch = async () => {
      calls += 1;
      return 3_000;
    };
    await copyRuns(listSource([]), { ...openMemoryStore(), catchUpSearch });
    expect(calls).toBe(4);
  });
});

describe('a copy that ends early', () => {
  test('rejects with the reason, leaves whole batches, and is taken up again', async () => {
    const target = openMemoryStore();
    const source = listSource(makeRuns(2_200));
    const control = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    const onProgress = ({ done }: CopyProgress) => {
      if (done === 500) control.abort(reason);
    };
    const copy = copyRuns(source, target, { signal: control.signal, onProgress });
    await expect(copy).rejects.toBe(reason);
    const unchanged = (await runsOf(target)).length;
    expect([500, 1_000, 1_500, 2_000]).toContain(unchanged);
    const written = 2_200 - unchanged;
    expect(await copyRuns(source, target)).toMatchObject({ written, unchanged });
  });

  test('before it began: nothing is written', async () => {
    const target = openMemoryStore();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(copyRuns(listSource(makeRuns(3)), target, { signal })).rejects.toThrow('too late');
    expect(await runsOf(target)).toEqual([]);
  });

  test('a failing source is told as it is, after the batches before it', async () => {
    const target = openMemoryStore();
    const source = listSource(makeRuns(600));
    const failure = new Error('the disk is gone');
    const failing = {
      ...source,
      async *items() {
        yield* source.items();
        throw failure;
      },
    };
    await expect(copyRuns(failing, target)).rejects.toBe(failure);
    expect(await runsOf(target)).toHaveLength(500);
  });
});

test('in its last batch: rejects with the reason, without verification too', async () => {
  const control = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 3) control.abort(new Error('Ctrl-C'));
  };
  const copy = copyRuns(listSource(makeRuns(3)), openMemoryStore(), {
    ...{ verify: 'none', onProgress },
    signal: control.signal,
  });
  await expect(copy).rejects.toThrow('Ctrl-C');
});
