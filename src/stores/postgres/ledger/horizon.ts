import type { Connection } from '../connection/connection.ts';

/**
 * A number from a sequence can become visible after a higher one, and so can a transaction. Whoever
 * reads the ledger stops before the oldest transaction that may still write to it; everything before is
 * there or will never be.
 *
 * The oldest transaction of the whole server would do, but a long one of any other program on it would
 * keep followers waiting. Whoever writes to the ledger locks its table before it has a number (a
 * statement when it is planned, a transaction at its beginning), so those who hold such a lock are all
 * that have to be waited for. They are read in a statement of their own, before the ledger: a
 * transaction that ends in between is then visible. A standby has no such locks, and asks for the
 * oldest transaction.
 */
const HORIZON = `SELECT pg_is_in_recovery() AS is_standby,
    pg_snapshot_xmin(pg_current_snapshot()) AS oldest,
    pg_snapshot_xmax(pg_current_snapshot()) AS next,
    (SELECT json_agg(holder.transactionid) FROM pg_locks ours
      JOIN pg_locks holder ON holder.virtualtransaction = ours.virtualtransaction
      WHERE ours.locktype = 'relation' AND ours.relation = '{s}.run_changes'::regclass
        AND ours.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ours.mode <> 'AccessShareLock' AND ours.granted
        AND holder.locktype = 'transactionid' AND holder.mode = 'ExclusiveLock'
    ) AS writing`;

/** Changes of transactions before this one can be read: each is there, or never will be. */
export async function readHorizon(db: Connection): Promise<string> {
  const [row = {}] = await db.prepared(HORIZON, []);
  if (row.is_standby === 1) return String(row.oldest);
  const next = BigInt(String(row.next));
  const writing = row.writing === null ? [] : (JSON.parse(String(row.writing)) as string[]);
  return writing
    .map((number) => wholeNumber(BigInt(number), next))
    .reduce((oldest, one) => (one < oldest ? one : oldest), next)
    .toString();
}

/** The locks have the last 32 bits of a transaction's number: the whole of it lies shortly before. */
function wholeNumber(lastBits: bigint, next: bigint): bigint {
  const back = (next - lastBits) & 0xffff_ffffn;
  // One that was begun since lies after.
  return back < 0x8000_0000n ? next - back : next;
}
