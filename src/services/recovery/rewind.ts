import { digestOf } from '../../domain/canonical.ts';
import type { AgentRun, StoredRun } from '../../domain/run.ts';
import { RunledgerError } from '../../repository/errors.ts';
import { unknownPosition } from '../../repository/position.ts';
import type { HistoryEntry, RunStore, StoreTransaction } from '../../repository/run-store.ts';
import type { WriteOperation } from '../../repository/write-operation.ts';
import { type LaterChanges, type Moment, readLaterChanges } from './later-changes.ts';
import { runBefore } from './run-before.ts';

/** What going back to a moment does to one run. */
export interface RewoundRun {
  id: string;
  /** It comes back, is changed back, or goes. */
  what: 'restored' | 'changed' | 'removed';
}

/** What a rewind did, or would do; the document of `rewind --json`, but for its version. */
export interface RewindReport {
  /** The newest change that had taken effect at the moment, by its time; null before the first one. */
  backTo: string | null;
  /** Changes that were undone, and the transactions that they belong to. */
  changes: number;
  transactions: number;
  /** The runs that are not as they were then; in the order of their ids. */
  runs: RewoundRun[];
}

/** How far a rewind is. */
export interface RewindProgress {
  phase: 'ledger' | 'runs';
  done: number;
  /** Null where it is not known. */
  total: number | null;
}

/** How a rewind is made. */
export interface RewindOptions {
  /** Only tell what it would do. */
  isDryRun?: boolean;
  onProgress?: (progress: RewindProgress) => void;
  /** Ends it between two runs; nothing took effect then. */
  signal?: AbortSignal;
}

/**
 * Makes every run what it was at a moment: those that came later go, those that were deleted come back,
 * those that were changed are changed back. Transactions go whole. It is one transaction itself, of
 * ordinary changes: the ledger keeps what was there before, so a rewind can be rewound.
 *
 * Each step is checked by its digest. Rejects with POSITION_UNKNOWN where the ledger does not reach back
 * to the moment, with CORRUPT where what it says of a run does not hold, and with CONFLICT where somebody
 * else changes a run meanwhile; nothing took effect then. Memory holds one run and an entry for each that
 * was changed.
 */
export async function rewind(
  store: RunStore,
  moment: Moment,
  { isDryRun = false, onProgress, signal }: RewindOptions = {},
): Promise<RewindReport> {
  const later = await readLaterChanges(store, moment, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'ledger', done, total: null });
  });
  const ids = [...later.runIds].sort();
  const runs: RewoundRun[] = [];
  let undone = 0;
  const transaction = isDryRun ? null : await store.begin();
  try {
    for (const [at, id] of ids.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'runs', done: at, total: ids.length });
      const { what, changes } = await rewindRun(store, transaction, id, later);
      undone += changes;
      if (what !== null) runs.push({ id, what });
    }
    // Of what was read of the ledger, something has been forgotten meanwhile.
    if (undone < later.count) throw unknownPosition();
    await transaction?.commit();
  } catch (error) {
    await transaction?.rollback();
    throw error;
  }
  const { last, count, transactions } = later;
  return {
    backTo: last?.at ?? null,
    changes: count,
    transactions: transactions.size,
    runs,
  };
}

/** What became of a run, null where it is as it was, and how many changes of it were undone. */
async function rewindRun(
  store: RunStore,
  transaction: StoreTransaction | null,
  id: string,
  { transactions }: LaterChanges,
): Promise<{ what: RewoundRun['what'] | null; changes: number }> {
  const now = (await (transaction ?? store).read([id])).get(id) ?? null;
  const history = await store.history(id);
  const former = formerState(now, history, transactions);
  const changes = history.filter((entry) => transactions.has(entry.transaction)).length;
  const found = now && digestOf(now);
  const wanted = former && digestOf(former);
  if (found === wanted) return { what: null, changes };
  const expect = { digests: found === null ? [] : [found] };
  const operation: WriteOperation =
    former === null || wanted === null
      ? { kind: 'delete', id, expect }
      : { kind: 'put', run: former, digest: wanted, expect, stamps: 'next' };
  const outcomes = await transaction?.write([operation], { atomic: true });
  if (outcomes?.some(({ result }) => result === 'conflict')) throw changedMeanwhile(id);
  return { what: now === null ? 'restored' : former === null ? 'removed' : 'changed', changes };
}

/** The state of a run before these transactions, undone step by step from what it is now. */
function formerState(
  now: StoredRun | null,
  history: readonly HistoryEntry[],
  transactions: ReadonlySet<string>,
): AgentRun | null {
  const isLater = ({ transaction }: HistoryEntry) => transactions.has(transaction);
  const kept = history.findLastIndex((entry) => !isLater(entry));
  // All later changes of a run follow one another, unless somebody has changed it just now.
  const mixed = history.slice(0, Math.max(0, kept)).find(isLater);
  if (mixed !== undefined) throw changedMeanwhile(mixed.runId);
  return runBefore(now, history.slice(kept + 1), history[kept]);
}

function changedMeanwhile(id: string): RunledgerError {
  const message = `Run ${id} was changed by somebody else while the store was to go back.`;
  return new RunledgerError('CONFLICT', message, {
    hint: 'Nothing was changed. Stop the writers, and do it again.',
  });
}
