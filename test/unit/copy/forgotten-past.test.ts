import { expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit } from '../../support/list-source.ts';

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

const copy = async (source: RunStore, target: RunStore) =>
  copyRuns(await storeSource(source), target);

async function branchOf(store: RunStore) {
  return (await store.read([id])).get(id)?.branch;
}

test('a past that does not begin with the run is not whole', async () => {
  const { source } = await copied();
  await edit(source, state('b'));
  await source.trimLedger('9999-12-31T23:59:59.999Z', 1_000);
  await edit(source, state('c'));
  const past = await (await storeSource(source)).pastOf(id);
  expect(past).toEqual({ digests: [state('b'), state('c')].map(digestOf), isWhole: false });
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
  await target.write([{ kind: 'delete', id, expect: {} }], { atomic: true });
  expect(await copy(source, target)).toMatchObject({ written: 0 });
  await forget(target);
  expect(await copy(source, target)).toMatchObject({ written: 1, differences: [] });
});
