import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import type { StoredRun } from '../../../src/domain/run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { packDigests, unpackDigests } from '../../../src/services/copy/packed-digests.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, listSource } from '../../support/list-source.ts';

const [first, second, third] = [makeRun(1), makeRun(2), makeRun(3)];

/** A store that keeps the right digests but gives one run back otherwise, or not at all. */
function damaged(id: string, damage: (run: StoredRun) => StoredRun | undefined): RunStore {
  const store = openMemoryStore();
  return {
    ...store,
    async read(ids) {
      const runs = await store.read(ids);
      const run = runs.get(id);
      const changed = run && damage(run);
      if (changed) runs.set(id, changed);
      else runs.delete(id);
      return runs;
    },
  };
}

describe('a store that does not give back what it was given', () => {
  const source = listSource([first, second, third]);

  test('a text that changed', async () => {
    const target = damaged(second.id, (run) => ({ ...run, repository: `${run.repository} ` }));
    const report = await copyRuns(source, target);
    expect(report).toMatchObject({ written: 3, verified: 2, differences: [second.id] });
  });

  test('a run that is gone', async () => {
    const report = await copyRuns(
      source,
      damaged(third.id, () => undefined),
    );
    expect(report).toMatchObject({ written: 3, verified: 2, differences: [third.id] });
  });

  test('is not noticed without verification', async () => {
    const report = await copyRuns(
      source,
      damaged(first.id, () => undefined),
      { verify: 'none' },
    );
    expect(report).toMatchObject({ written: 3, verified: 0, differences: [] });
  });

  test('is noticed for runs that were there before', async () => {
    const target = damaged(second.id, (run) => ({ ...run, branch: 'x' }));
    await copyRuns(source, target, { verify: 'none' });
    expect(await copyRuns(source, target)).toMatchObject({
      unchanged: 3,
      differences: [second.id],
    });
  });
});

describe('a store that others write to meanwhile', () => {
  /** A store in which that happens when the copy is made safe, before it is read back. */
  function busy(happens: (store: RunStore) => Promise<unknown>): RunStore {
    const store = openMemoryStore();
    return { ...store, flush: async () => void (await happens(store)) };
  }

  test('an edit is no difference', async () => {
    const target = busy((store) => edit(store, { ...first, branch: 'x' }));
    const report = await copyRuns(listSource([first, second]), target);
    expect(report).toMatchObject({ written: 2, verified: 1, differences: [] });
  });

  test('a deletion is no difference', async () => {
    const remove = { kind: 'delete', id: first.id, expect: {} } as const;
    const target = busy((store) => store.write([remove], { atomic: true }));
    const report = await copyRuns(listSource([first, second]), target);
    expect(report).toMatchObject({ written: 2, verified: 1, differences: [] });
  });
});

test('digests are packed into 48 bytes each and come back', () => {
  const entries = makeRuns(3).map(({ id }, n) => [id, `${n}`.repeat(64)] as const);
  const deleted = ['ffffffff-ffff-4fff-bfff-ffffffffffff', null] as const;
  const packed = packDigests([...entries.slice(1), deleted]);
  expect(packed).toHaveLength(3 * 48);
  expect(unpackDigests(packed)).toEqual([...entries.slice(1), deleted]);
  expect(unpackDigests(packDigests([]))).toEqual([]);
});
