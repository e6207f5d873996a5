import { describe, expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import type { CopyOptions } from '../../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { verifyCopy } from '../../../src/services/copy/verify-copy.ts';
import { writeBatch } from '../../../src/services/copy/write-batch.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, remove } from '../../support/list-source.ts';

/** The same run in several states. */
const state = (branch: string) => makeRun(1, { branch });
const { id } = state('a');

/** Forgets every change of run 1; that of another run is the newest, and stays. */
async function forget(store: RunStore): Promise<void> {
  await edit(store, makeRun(3));
  await store.trimLedger('9999-12-31T23:59:59.999Z', 1_000);
  expect(await store.history(id)).toEqual([]);
}

/** A store with run 1, and another one that it was copied to. */
async function copied(): Promise<{ source: RunStore; target: RunStore }> {
  const [source, target] = [openMemoryStore(), openMemoryStore()];
  await edit(source, state('a'));
  await copy(source, target);
  return { source, target };
}

const copy = async (source: RunStore, target: RunStore, options?: CopyOptions) =>
  copyRuns(await storeSource(source), target, options);

async function branchOf(store: RunStore) {
  return (await store.read([id])).get(id)?.branch;
}

test('a past that does not begin with the run is not whole', async () => {
  const { source } = await copied();
  await edit(source, state('b'));
  await source.trimLedger('9999-12-31T23:59:59.999Z', 1_000);
  await edit(source, state('c'));
  const past = await (await storeSource(source)).pastOf(id);
  // What the oldest change kept overwrote is known, and where that came from is not.
  expect(past).toEqual({ digests: ['a', 'b', 'c'].map(state).map(digestOf), isWhole: false });
});

test('what a copy wrote and nobody edited follows a source that forgot that state', async () => {
  const { source, target } = await copied();
  await edit(source, state('b'));
  await forget(source);
  expect(await copy(source, target)).toMatchObject({ written: 2, differences: [] });
  expect(await branchOf(target)).toBe('b');
});

test('what was edited there is never overwritten, whichever side forgot what', async () => {
  for (const whoForgets of ['source', 'target', 'both']) {
    for (const isSourceEdited of [false, true]) {
      const { source, target } = await copied();
      await edit(target, state('edited there'));
      if (isSourceEdited) await edit(source, state('b'));
      if (whoForgets !== 'target') await forget(source);
      if (whoForgets !== 'source') await forget(target);
      const { differences } = await copy(source, target);
      // As long as the target remembers that it went on from what the source has, there is no question.
      const isClear = whoForgets === 'source' && !isSourceEdited;
      expect(differences).toEqual(isClear ? [] : [id]);
      expect(await branchOf(target)).toBe('edited there');
    }
  }
});

test('a run that was deleted there comes back when that is forgotten', async () => {
  const { source, target } = await copied();
  await remove(target, id);
  expect(await copy(source, target)).toMatchObject({ written: 0 });
  await forget(target);
  expect(await copy(source, target)).toMatchObject({ written: 1, differences: [] });
});

describe('where only what made the run is forgotten', () => {
  /** Two stores that both forgot all that they had, and went on. */
  async function forgetful(): Promise<{ source: RunStore; target: RunStore }> {
    const stores = await copied();
    for (const store of [stores.source, stores.target]) await forget(store);
    return stores;
  }

  /** The same, where no copy has written the target. */
  async function forgetfulTwins(): Promise<{ source: RunStore; target: RunStore }> {
    const stores = { source: openMemoryStore(), target: openMemoryStore() };
    for (const store of [stores.source, stores.target]) {
      await edit(store, state('a'));
      await forget(store);
    }
    return stores;
  }

  for (const winner of [undefined, 'source', 'target'] as const) {
    const options = winner && { onConflict: winner };
    const isAsBefore = { written: 0, unchanged: 2, conflicts: [], differences: [] };

    test(`what was deleted there stays deleted, winner: ${winner}`, async () => {
      const { source, target } = await forgetful();
      await remove(target, id);
      expect(await copy(source, target, options)).toMatchObject(isAsBefore);
      expect((await target.heads([id])).size).toBe(0);
    });

    test(`so does what was edited before, winner: ${winner}`, async () => {
      const { source, target } = await forgetful();
      await edit(target, state('b'));
      await remove(target, id);
      expect(await copy(source, target, options)).toMatchObject(isAsBefore);
      expect((await target.heads([id])).size).toBe(0);
    });

    test(`what was edited there stays so, winner: ${winner}`, async () => {
      const { source, target } = await forgetful();
      await edit(target, state('b'));
      await edit(target, state('c'));
      expect(await copy(source, target, options)).toMatchObject(isAsBefore);
      expect(await branchOf(target)).toBe('c');
    });

    test(`what only the source edited is written, winner: ${winner}`, async () => {
      const { source, target } = await forgetfulTwins();
      await edit(source, state('b'));
      await edit(source, state('c'));
      expect(await copy(source, target, options)).toMatchObject({ written: 1, conflicts: [] });
      expect(await branchOf(target)).toBe('c');
    });

    test(`what the source deleted goes, winner: ${winner}`, async () => {
      const { source, target } = await forgetfulTwins();
      await remove(source, id);
      const deleted = [{ kind: 'deleted', id }] as const;
      const batch = await writeBatch(await storeSource(source), target, deleted, winner);
      expect(batch).toMatchObject({ conflicts: [], differences: [] });
      expect((await target.heads([id])).size).toBe(0);
    });

    test(`what both edited is a conflict, winner: ${winner}`, async () => {
      for (const { source, target } of [await forgetful(), await forgetfulTwins()]) {
        await edit(target, state('edited there'));
        await edit(source, state('b'));
        const { conflicts } = await copy(source, target, options);
        expect(conflicts).toEqual([id]);
        expect(await branchOf(target)).toBe(winner === 'source' ? 'b' : 'edited there');
      }
    });
  }

  test('a run that was edited after it was copied is no difference to verification', async () => {
    const { target } = await forgetful();
    await edit(target, state('b'));
    const verify = async (wanted: AgentRun) =>
      (await verifyCopy(target, [[[id, digestOf(wanted)]]], () => {})).differences;
    expect(await verify(state('a'))).toEqual([]);
    expect(await verify(state('never there'))).toEqual([id]);
  });
});
