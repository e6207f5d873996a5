import assert from 'node:assert/strict';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { TurnQueue } from '../../../src/repository/turn-queue.ts';
import type { CopyReport } from '../../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';

/** How long a read waits for the copy that others read from. */
const WAIT_MS = 60_000;

/** Brings everything from one store into a fresh one. */
export type Carry = (from: RunStore, to: RunStore) => Promise<CopyReport>;

const byCopy: Carry = async (from, to) => copyRuns(await storeSource(from), to);

/** The calls that the copy answers. */
type Read = 'read' | 'heads' | 'summaries' | 'page' | 'statistics' | 'searchText';

/**
 * A store that is written to on one side and read on the other: before a read everything is copied
 * into a fresh store, unless nothing changed since the last time. Transactions and what concerns the
 * ledger are those of the side that is written to, because a copy begins a ledger of its own.
 */
export function throughCopy(
  written: RunStore,
  openFresh: () => Promise<RunStore>,
  carry = byCopy,
): RunStore {
  const turns = new TurnQueue();
  let copy: { store: RunStore; cursor: string } | null = null;

  const upToDate = async (): Promise<RunStore> => {
    const { cursor } = await written.position();
    if (copy?.cursor === cursor) return copy.store;
    await copy?.store.close();
    const store = await openFresh();
    copy = { store, cursor };
    const { differences } = await carry(written, store);
    assert.deepEqual(differences, []);
    return store;
  };
  const fromCopy = <Name extends Read>(name: Name): RunStore[Name] => {
    const call = (...given: unknown[]) =>
      turns.run(WAIT_MS, async () => {
        const store = await upToDate();
        return (store[name] as (...given: unknown[]) => unknown)(...given);
      });
    return call as RunStore[Name];
  };
  return {
    ...written,
    read: fromCopy('read'),
    heads: fromCopy('heads'),
    summaries: fromCopy('summaries'),
    page: fromCopy('page'),
    statistics: fromCopy('statistics'),
    searchText: fromCopy('searchText'),
    // The ledger keeps what the index beside it has not seen, and is that of the side that is written to.
    async catchUpSearch(limit) {
      const behind = await turns.run(WAIT_MS, async () => (await upToDate()).catchUpSearch(limit));
      return Math.max(behind, await written.catchUpSearch(limit));
    },
    async close() {
      await turns.run(WAIT_MS, async () => copy?.store.close());
      await written.close();
    },
  };
}
