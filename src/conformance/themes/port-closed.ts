import assert from 'node:assert/strict';
import { parseTextQuery } from '../../domain/text/text-query.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { accessCalls } from '../access-calls.ts';
import { rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import { put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const PAGE = { filter: {}, order: 'newest', after: null, limit: 1 } as const;

/** Every other call of a store, made in the simplest way. */
const CALLS: Record<string, (store: RunStore) => Promise<unknown>> = {
  begin: (store) => store.begin(),
  flush: (store) => store.flush(),
  searchText: (store) => store.searchText({ ...PAGE, query: parseTextQuery('word') }),
  catchUpSearch: (store) => store.catchUpSearch(1),
  position: (store) => store.position(),
  changes: (store) => store.changes(null, 1),
  changeAt: (store) => store.changeAt(new Date().toISOString()),
  pastChanges: (store) => store.pastChanges(null, 1),
  history: (store) => store.history(idOf(1)),
  lastChanges: (store) => store.lastChanges([]),
  trimLedger: (store) => store.trimLedger(new Date().toISOString(), 1),
  quarantine: (store) => store.quarantine([]),
  quarantined: (store) => store.quarantined(),
  releaseQuarantined: (store) => store.releaseQuarantined('origin', []),
  keepTransfer: (store) => store.keepTransfer({ origin: 'origin', state: {} }),
  transfers: (store) => store.transfers(),
  keepImportedFiles: (store) => store.keepImportedFiles([]),
  importedFiles: (store) => store.importedFiles({ limit: 1 }),
  sourcePiece: (store) => store.sourcePiece({ agent: 'a', path: '/a', generation: 0 }, 0),
  fence: (store) => store.fence('elsewhere'),
  movedTo: (store) => store.movedTo(),
  liftFence: (store) => store.liftFence(),
};

/** A closed store answers every call with CLOSED; closing waits for what was asked for before. */
export function describePortClosed({ test }: Suite): void {
  test('every call is CLOSED', async ({ store }) => {
    await store.close();
    for (const call of Object.values(accessCalls(store))) await rejectsWith('CLOSED', call());
    for (const call of Object.values(CALLS)) await rejectsWith('CLOSED', call(store));
  });

  test('a transaction that is under way cannot be used or committed', async ({ store }) => {
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], { atomic: true });
    await store.close();
    for (const call of Object.values(accessCalls(transaction))) await rejectsWith('CLOSED', call());
    await rejectsWith('CLOSED', transaction.commit());
  });

  test('closing waits for the writes under way', async ({ store }) => {
    const order: string[] = [];
    const writes = makeRuns(5).map(async (run) => {
      const [outcome] = await store.write([put(run)], { atomic: true });
      assert.equal(outcome?.result, 'inserted');
      order.push('written');
    });
    await store.close();
    order.push('closed');
    await Promise.all(writes);
    assert.equal(order.at(-1), 'closed');
  });
}
