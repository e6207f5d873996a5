import { jsonSize } from '../../domain/json.ts';
import type { RunStore } from '../../repository/run-store.ts';
import {
  decideWrite,
  idOf,
  type RunHead,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';

/** A store to which nothing is done, and what would have been. */
export interface PretendingStore {
  store: RunStore;
  /** About how many bytes of JSON the runs have that would have been written. */
  readonly bytes: number;
}

/** A store that reads as this one does, and for each change only tells what would come of it. */
export function pretendingStore(store: RunStore): PretendingStore {
  let bytes = 0;
  const pretending: RunStore = {
    ...store,
    async write(operations) {
      const heads = await store.heads([...new Set(operations.map(idOf))]);
      return operations.map((operation) => {
        const outcome = outcomeOf(operation, heads.get(idOf(operation)) ?? null);
        const isWritten = outcome.result === 'inserted' || outcome.result === 'updated';
        if (isWritten && operation.kind === 'put') bytes += jsonSize(operation.run);
        return outcome;
      });
    },
    async flush() {
      // Nothing was written.
    },
    async quarantine() {
      // The report of the copy names what would be kept.
    },
    async releaseQuarantined() {
      // What is kept stays.
    },
    async keepTransfer() {
      // A copy that was only pretended got nowhere.
    },
    async keepImportedFiles() {
      // What was only pretended was not imported.
    },
    // It would go on with one that ended early; what that wrote is found to be there.
    transfers: async () => [],
    catchUpSearch: async () => 0,
  };
  return {
    store: pretending,
    get bytes() {
      return bytes;
    },
  };
}

function outcomeOf(operation: WriteOperation, found: RunHead | null): WriteOutcome {
  const decision = decideWrite(operation, found);
  const id = idOf(operation);
  if (decision.do === 'nothing') return decision.outcome;
  if (decision.do === 'delete') return { result: 'deleted', id };
  const now = new Date().toISOString();
  const result = decision.do === 'insert' ? 'inserted' : 'updated';
  return { result, id, version: decision.version, createdAt: now, updatedAt: now };
}
