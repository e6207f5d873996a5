import { decodePosition, encodePosition, type LedgerPosition } from '../position.ts';
import type { ChangesOptions, RunChange } from '../run-repository.ts';
import type { LedgerEntry, RunStore } from '../run-store.ts';

const BATCH_CHANGES = 500;

/** What following needs of the store. */
type Ledger = Pick<RunStore, 'changes' | 'position'>;

/**
 * The changes after a position; see `RunRepository.changes`. `pause` resolves when there may be new
 * ones, or when the signal aborts.
 */
export async function* followChanges(
  ledger: Ledger,
  { after, follow = false, signal }: ChangesOptions,
  pause: (signal: AbortSignal | undefined) => Promise<void>,
): AsyncGenerator<RunChange, void, undefined> {
  let last: LedgerPosition | null = after === undefined ? null : decodePosition(after);
  const { storeId, epoch } = await ledger.position();
  while (!signal?.aborted) {
    const entries = await ledger.changes(last, BATCH_CHANGES);
    for (const entry of entries) {
      last = { storeId, epoch, cursor: entry.cursor };
      yield toChange(entry, last);
      if (signal?.aborted) return;
    }
    if (entries.length > 0) continue;
    if (!follow) return;
    await pause(signal);
  }
}

function toChange({ cursor: _, ...entry }: LedgerEntry, position: LedgerPosition): RunChange {
  return { ...entry, position: encodePosition(position) };
}
