import type { Connection } from './connection/connection.ts';
import { inTransaction, SHORT_WAIT } from './connection/transactions.ts';
import { meaningOf } from './store-error.ts';

/** Which ledger the places of a store are places in. */
export interface StoreIdentity {
  storeId: string;
  /** Starts anew when the store is another one than it was: restored, copied, or promoted. */
  epoch: string;
  /** The era of what is written now. What was written in earlier ones is all there. */
  era: number;
}

/**
 * Where a store lies: the cluster, the database in it, and the table. A store that was restored from a
 * dump finds itself at another place.
 */
const HOME = `(SELECT system_identifier FROM pg_control_system())
  || '-' || (SELECT oid FROM pg_database WHERE datname = current_database())
  || '-' || '{s}.run_changes'::regclass::oid`;

/** A promoted standby goes on in a timeline of its own, in which other changes may have these places. */
const TIMELINE = `CASE WHEN pg_is_in_recovery()
    THEN (SELECT timeline_id FROM pg_control_checkpoint())
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
  END`;

const READ = `SELECT store_id, era, home, ${HOME} AS here, ${TIMELINE} AS timeline
  FROM {s}.store_identity`;
const IS_MOVED = `SELECT FROM {s}.store_identity WHERE home <> ${HOME}`;
const MOVE = `UPDATE {s}.store_identity SET home = ${HOME}, era = era + 1 WHERE home <> ${HOME}`;

/** The identity of the store as it is now. */
export async function readIdentity(db: Connection): Promise<StoreIdentity> {
  const [row = {}] = await db.prepared(READ, []);
  const { store_id, era, home, here, timeline } = row;
  return {
    storeId: String(store_id),
    epoch: `${here}-${timeline}`,
    // Nobody has written here yet: what is there is of an earlier era, whatever it says.
    era: Number(era) + (home === here ? 0 : 1),
  };
}

/**
 * Begins a new era in a store that is at another place than when it was last written. It must be done
 * before anything is written, and on each new connection: behind the same name there may be a server
 * that was made from a dump meanwhile.
 */
export async function settleHome(db: Connection): Promise<void> {
  if ((await db.rows(IS_MOVED)).length === 0) return;
  try {
    await inTransaction(db, SHORT_WAIT, () => db.rows(MOVE));
  } catch (error) {
    // Who may not write cannot write a wrong era either.
    if (!['READ_ONLY', 'DENIED'].includes(meaningOf(error))) throw error;
  }
}

/** Names a store that has just been made. */
export async function createIdentity(db: Connection): Promise<void> {
  await db.rows(
    `INSERT INTO {s}.store_identity (only_row, store_id, era, home, flushes)
      VALUES (true, gen_random_uuid(), 1, ${HOME}, 0)`,
  );
}
