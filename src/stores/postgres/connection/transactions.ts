import { isLost } from '../store-error.ts';
import type { Connection } from './connection.ts';

/**
 * The lock says that this transaction will write to the ledger before it has a number: see
 * `horizon.ts`.
 */
const LOCK = 'LOCK TABLE {s}.run_changes IN ROW EXCLUSIVE MODE';
/** Each statement sees what was committed before it, whatever the server takes for its default. */
export const READ_COMMITTED = 'BEGIN ISOLATION LEVEL READ COMMITTED';
/** How a transaction that writes runs begins. What is loaded in bulk is made durable by a later flush. */
export const BEGIN = {
  full: `${READ_COMMITTED}; ${LOCK}`,
  // With a number from the beginning: transactions that begin one after another keep that order.
  bulk: `${READ_COMMITTED}; SET LOCAL synchronous_commit = off; ${LOCK}; SELECT pg_current_xact_id()`,
} as const;
/** Everything is read at one moment. */
export const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** For work that can be left to later. */
export const SHORT_WAIT = `${READ_COMMITTED}; SET LOCAL lock_timeout = '1s'; SET LOCAL synchronous_commit = off`;
/** Longer than any transaction of a caller may take: a client that is gone keeps nobody waiting for ever. */
export const LONGEST_IDLE = "SET LOCAL idle_in_transaction_session_timeout = '11min'";
/** Transactions of callers take turns, in whatever process they are. */
export const TAKE_TURN =
  'SELECT pg_advisory_xact_lock(hashtextextended(store_id::text, 0)) FROM {s}.store_identity';

/** Does work in a transaction that is begun so; it is rolled back where the result is not to be kept. */
export async function inTransaction<T>(
  db: Connection,
  begin: string | (() => Promise<void>),
  work: (db: Connection) => Promise<T>,
  isKept: (result: T) => boolean = () => true,
): Promise<T> {
  await (typeof begin === 'string' ? db.script(begin) : begin());
  let result: T;
  try {
    result = await work(db);
  } catch (error) {
    if (!isLost(error)) await db.script('ROLLBACK');
    throw error;
  }
  await db.script(isKept(result) ? 'COMMIT' : 'ROLLBACK');
  return result;
}

/** Lets transactions that go on side by side begin one after another, in the order of their calls. */
export class Beginnings {
  #last: Promise<void> = Promise.resolve();

  take(): { come: Promise<void>; end: () => void } {
    const come = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    return { come, end: resolve };
  }
}
