import { describe, expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { pastDigests } from '../../../src/repository/past-digests.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, remove } from '../../support/list-source.ts';

const state = (branch: string) => makeRun(1, { branch });
const { id } = state('a');
const LATER = '9999-12-31T23:59:59.999Z';

/** A store in which a run had these branches, one after another; null where it was deleted. */
async function lived(...life: (string | null)[]): Promise<RunStore> {
  const store = openMemoryStore();
  for (const branch of life)
    await (branch === null ? remove(store, id) : edit(store, state(branch)));
  // The newest change is never forgotten.
  await edit(store, makeRun(2));
  return store;
}

function digestsOf(life: readonly (string | null)[]): string[] {
  return life.flatMap((branch) => (branch === null ? [] : digestOf(state(branch))));
}

describe('what a run has been, of which the oldest changes are forgotten one by one', () => {
  for (const life of [
    ['a', 'b', 'c'],
    ['a', 'b', null],
    ['a', null, 'b', 'c'],
    ['a', 'b', 'c', null, 'b', null, 'd', 'e'],
  ]) {
    test(life.map((branch) => branch ?? 'deleted').join(', '), async () => {
      const store = await lived(...life);
      expect(await pastDigests(store, id)).toEqual(digestsOf(life));
      for (const [forgotten] of life.slice(1).entries()) {
        await store.trimLedger(LATER, 1);
        // The state that the oldest change kept overwrote is told with it.
        expect(await pastDigests(store, id)).toEqual(digestsOf(life.slice(forgotten)));
      }
      await store.trimLedger(LATER, 1);
      expect(await pastDigests(store, id)).toEqual([]);
    });
  }

  test('of which a change is not in the ledger', async () => {
    const store = await lived('a', 'b', 'c');
    const read: RunStore['read'] = async () =>
      new Map([[id, { ...state('z'), version: 3, createdAt: LATER, updatedAt: LATER }]]);
    const changed = { ...store, read };
    expect(await pastDigests(changed, id)).toEqual(digestsOf(['a', 'b', 'c']));
    await store.trimLedger(LATER, 1);
    expect(await pastDigests(changed, id)).toEqual(digestsOf(['b', 'c']));
  });

  test('the run as it is now is read only where the oldest change kept asks for it', async () => {
    const store = await lived('a', 'b', 'c');
    let reads = 0;
    const read: RunStore['read'] = (ids) => {
      reads += 1;
      return store.read(ids);
    };
    await pastDigests({ ...store, read }, id);
    expect(reads).toBe(0);
    await store.trimLedger(LATER, 1);
    await pastDigests({ ...store, read }, id);
    expect(reads).toBe(1);
  });
});
