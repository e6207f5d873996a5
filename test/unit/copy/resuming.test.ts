import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import type { RunSource } from '../../../src/repository/run-source.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import type { CopyOptions } from '../../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { knownCopies } from '../../../src/services/copy/copy-state.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, listSource, runsOf } from '../../support/list-source.ts';

const COUNT = 2_200;

async function filled(): Promise<RunStore> {
  const store = openMemoryStore();
  for (const run of makeRuns(COUNT)) await edit(store, run);
  return store;
}

/** Copies until so many items are done, and ends; gives how many are there, whole batches under way with them. */
async function copyUpTo(source: RunSource, target: RunStore, wanted: number): Promise<number> {
  const control = new AbortController();
  const copy = copyRuns(source, target, {
    signal: control.signal,
    onProgress: ({ done }) => done >= wanted && control.abort(new Error('pulled the plug')),
  });
  await expect(copy).rejects.toThrow('pulled the plug');
  const done = (await runsOf(target)).length;
  expect([500, 1_000, 1_500, 2_000]).toContain(done);
  return done;
}

/** What a store is asked to write. */
function counting(store: RunStore): { target: RunStore; written: string[] } {
  const written: string[] = [];
  const target: RunStore = {
    ...store,
    write(operations, options) {
      for (const one of operations) written.push(one.kind === 'put' ? one.run.id : one.id);
      return store.write(operations, options);
    },
  };
  return { target, written };
}

test('goes on where the copy before it ended: nothing is written twice, all is told', async () => {
  const source = await storeSource(await filled());
  const { target, written } = counting(openMemoryStore());
  const done = await copyUpTo(source, target, 500);
  expect(await knownCopies(target)).toMatchObject([
    { origin: source.origin, finishedAt: null, done, report: { read: done, written: done } },
  ]);
  expect(await copyRuns(source, target)).toEqual({
    ...{ read: COUNT, written: COUNT, unchanged: 0, verified: COUNT },
    ...{
      deleted: 0,
      files: 0,
      fileDifferences: [],
      setAside: [],
      differences: [],
      conflicts: [],
      gone: [],
      isResumed: true,
    },
  });
  expect(written).toHaveLength(COUNT);
  const [known] = await knownCopies(target);
  expect(known).toMatchObject({ finishedAt: expect.any(String), report: { verified: COUNT } });
});

test('one that finished is not gone on with: all is looked at anew', async () => {
  const source = await storeSource(await filled());
  const target = openMemoryStore();
  await copyRuns(source, target);
  const second = { read: COUNT, written: 0, unchanged: COUNT, verified: COUNT, isResumed: false };
  expect(await copyRuns(source, target)).toMatchObject(second);
});

describe('what happened since the copy ended early', () => {
  const changed = makeRun(3, { branch: 'changed' });
  const gone = makeRun(4);
  const behind = makeRun(9_999, { startedAt: '2020-01-01T00:00:00.000Z' });

  test('to the source, before its mark and after it, arrives', async () => {
    const store = await filled();
    const source = await storeSource(store);
    const target = openMemoryStore();
    await copyUpTo(source, target, 500);
    await edit(store, changed);
    await edit(store, behind);
    await store.write([{ kind: 'delete', id: gone.id, expect: {} }], { atomic: true });
    expect(await copyRuns(source, target)).toMatchObject({ differences: [], isResumed: true });
    expect((await runsOf(target)).map(({ id }) => id)).toEqual(
      (await runsOf(store)).map(({ id }) => id),
    );
    expect((await target.read([changed.id])).get(changed.id)).toMatchObject(changed);
  });

  test('to the source while what came before is compared is no difference', async () => {
    const store = await filled();
    const target = openMemoryStore();
    await copyUpTo(await storeSource(store), target, 500);
    const source = await storeSource(store);
    const meddled: RunSource = {
      ...source,
      async *items(range = {}) {
        if (range.until !== undefined) await edit(store, changed);
        yield* source.items(range);
      },
    };
    expect(await copyRuns(meddled, target)).toMatchObject({ differences: [], written: COUNT + 1 });
    expect((await target.read([changed.id])).get(changed.id)).toMatchObject(changed);
  });

  test('to the target by hand stays, and is no difference', async () => {
    const source = await storeSource(await filled());
    const target = openMemoryStore();
    await copyUpTo(source, target, 500);
    await edit(target, changed);
    expect(await copyRuns(source, target)).toMatchObject({ differences: [] });
    expect((await target.read([changed.id])).get(changed.id)).toMatchObject(changed);
  });

  /** The report of the second half, of a target that lost a run of the first one. */
  async function afterLoss(options: CopyOptions) {
    const source = await storeSource(await filled());
    const target = openMemoryStore();
    await copyUpTo(source, target, 500);
    const lossy: RunStore = {
      ...target,
      async read(ids, how) {
        const runs = await target.read(ids, how);
        runs.delete(gone.id);
        return runs;
      },
    };
    return await copyRuns(source, lossy, options);
  }

  test('a run that the target lost is found by full verification alone', async () => {
    expect(await afterLoss({})).toMatchObject({ differences: [gone.id], verified: COUNT - 1 });
    expect(await afterLoss({ verify: 'none' })).toMatchObject({ differences: [], verified: 0 });
  });
});

test('a source that does not know the mark any more is copied anew', async () => {
  const store = await filled();
  const source = await storeSource(store);
  const target = openMemoryStore();
  const done = await copyUpTo(source, target, 500);
  const forgetful = { ...source, knows: async () => false };
  expect(await copyRuns(forgetful, target)).toMatchObject({
    ...{ read: COUNT, written: COUNT - done, unchanged: done },
    ...{ verified: COUNT, isResumed: false },
  });
});

test('a source without marks begins anew, and writes nothing twice', async () => {
  const source = listSource(makeRuns(COUNT));
  const target = openMemoryStore();
  const done = await copyUpTo(source, target, 500);
  const report = { read: COUNT, written: COUNT - done, unchanged: done, isResumed: false };
  expect(await copyRuns(source, target)).toMatchObject(report);
});

test('a sample is some runs of each batch', async () => {
  const source = await storeSource(await filled());
  const target = openMemoryStore();
  expect(await copyRuns(source, target, { verify: 'sample' })).toMatchObject({
    ...{ written: COUNT, verified: 5 * 25 },
  });
});

describe('a conflict', () => {
  const [mine, theirs] = [makeRun(1, { branch: 'mine' }), makeRun(1, { branch: 'theirs' })];

  /** Copies, changes a run on both sides, and copies again. */
  async function contested(options: CopyOptions) {
    const store = openMemoryStore();
    for (const run of makeRuns(3)) await edit(store, run);
    const target = openMemoryStore();
    await copyRuns(await storeSource(store), target);
    await edit(store, theirs);
    await edit(target, mine);
    const report = await copyRuns(await storeSource(store), target, options);
    return { report, branch: (await target.read([mine.id])).get(mine.id)?.branch };
  }

  test.each([
    [{}, { written: 0, unchanged: 2, verified: 2, differences: [mine.id] }, 'mine'],
    [{ onConflict: 'target' }, { written: 0, unchanged: 3, verified: 2, differences: [] }, 'mine'],
    [
      { onConflict: 'source' },
      { written: 1, unchanged: 2, verified: 3, differences: [] },
      'theirs',
    ],
  ] as const)('%o', async (options, report, branch) => {
    expect(await contested(options)).toMatchObject({
      report: { ...report, conflicts: [mine.id] },
      branch,
    });
  });
});

describe('a conflict of a copy that ended early', () => {
  test('is decided when it is gone on with', async () => {
    const store = await filled();
    const [mine, theirs] = [makeRun(1, { branch: 'mine' }), makeRun(1, { branch: 'theirs' })];
    const target = openMemoryStore();
    await edit(target, mine);
    await edit(store, theirs);
    await copyUpTo(await storeSource(store), target, 500);
    const source = await storeSource(store);
    expect(await copyRuns(source, target, { onConflict: 'source' })).toMatchObject({
      ...{ differences: [], conflicts: [mine.id], isResumed: true },
    });
    expect((await target.read([mine.id])).get(mine.id)).toMatchObject(theirs);
  });

  test('is none any more where both sides were made equal', async () => {
    const store = await filled();
    const target = openMemoryStore();
    await edit(target, makeRun(1, { branch: 'mine' }));
    await copyUpTo(await storeSource(store), target, 500);
    await edit(target, makeRun(1));
    const report = await copyRuns(await storeSource(store), target);
    expect(report).toMatchObject({ differences: [], conflicts: [] });
  });
});

test('a run that was deleted before the first checkpoint does not stay', async () => {
  const store = await filled();
  const source = await storeSource(store);
  const target = openMemoryStore();
  let kept = 0;
  const killed: RunStore = {
    ...target,
    async keepTransfer(transfer) {
      kept += 1;
      if (kept > 1) throw new Error('killed');
      await target.keepTransfer(transfer);
    },
  };
  await expect(copyRuns(source, killed)).rejects.toThrow('killed');
  // The batches under way are there, and not noted.
  expect(await knownCopies(target)).toMatchObject([{ done: 0 }]);
  expect(await runsOf(target)).not.toEqual([]);
  await store.write([{ kind: 'delete', id: makeRun(4).id, expect: {} }], { atomic: true });
  expect(await copyRuns(source, target)).toMatchObject({ differences: [] });
  expect((await runsOf(target)).map(({ id }) => id)).not.toContain(makeRun(4).id);
});

test('a target that was moved is refused before anything is read', async () => {
  const target = openMemoryStore();
  await target.fence('postgres://elsewhere');
  const source = listSource(makeRuns(1));
  await expect(copyRuns(source, target)).rejects.toMatchObject({
    code: 'MOVED',
    hint: expect.stringContaining('--undo-cut-over'),
  });
});

test('a store is not copied onto itself, by whatever name it was opened', async () => {
  const store = openMemoryStore();
  await edit(store, makeRun(1));
  const source = await storeSource({ ...store, location: 'another name' });
  await expect(copyRuns(source, store)).rejects.toMatchObject({ code: 'INVALID' });
  expect(await store.transfers()).toEqual([]);
});
