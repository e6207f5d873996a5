import { setTimeout as sleep } from 'node:timers/promises';
import type { OptionalIndex } from '../../../repository/schema-migration.ts';
import type { Connection } from '../connection/connection.ts';
import type { Database } from '../connection/database.ts';
import { READ_COMMITTED } from '../connection/transactions.ts';

/** An index that is built while others write. */
export interface ConcurrentIndex {
  name: string;
  /** Where and what it is: `ON {s}.agent_runs (branch)`. */
  definition: string;
}

/** Is told how many pages of a table have been looked at, of how many. */
export type OnBuilding = (done: number, total: number) => void;

const IS_VALID = (name: string) =>
  `SELECT indisvalid AS is_valid FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('{s}.${name}')`;
const PROGRESS = `SELECT blocks_done, blocks_total FROM pg_stat_progress_create_index
  WHERE datname = current_database() AND blocks_total > 0`;
const PROGRESS_EVERY_MS = 500;

/** Whether an index is there and whole. */
export async function readIndexState(
  db: Connection,
  name: string,
): Promise<OptionalIndex['state']> {
  const [row] = await db.rows(IS_VALID(name));
  if (row === undefined) return 'absent';
  return row.is_valid === 1 ? 'built' : 'half built';
}

/**
 * Builds an index unless it is there. One that an earlier try left half built is built anew. Nobody else
 * may build it at the same time.
 */
export async function buildIndex(
  database: Database,
  { name, definition }: ConcurrentIndex,
  onBuilding?: OnBuilding,
): Promise<void> {
  // Whole, so that it is done again whole when the connection dies under it.
  const building = database.write(async (db) => {
    if ((await readIndexState(db, name)) === 'built') return;
    await dropFrom(db, name);
    await db.script(`CREATE INDEX CONCURRENTLY ${name} ${definition}`);
  });
  if (onBuilding !== undefined) await report(database, building, onBuilding);
  await building;
}

/** Drops an index if it is there, while others write. */
export function dropIndex(database: Database, name: string): Promise<void> {
  return database.write((db) => dropFrom(db, name));
}

async function dropFrom(db: Connection, name: string): Promise<void> {
  await db.script(`DROP INDEX CONCURRENTLY IF EXISTS {s}.${name}`);
}

async function report(database: Database, building: Promise<void>, onBuilding: OnBuilding) {
  // Its failure is told by who waits for it.
  const over = building.then(
    () => true,
    () => true,
  );
  for (;;) {
    const pause = sleep(PROGRESS_EVERY_MS, false, { ref: false });
    if (await Promise.race([over, pause])) return;
    const [row] = await database.read((db) => db.rows(PROGRESS));
    if (row !== undefined) onBuilding(Number(row.blocks_done), Number(row.blocks_total));
  }
}

/**
 * A transaction that does nothing but hold the lock of those who build indexes. It has no snapshot while
 * it waits, so that no index waits for it; for the same reason those who want the lock must ask again
 * and again: a statement that waits for a lock has one.
 */
const HOLD = `${READ_COMMITTED}; SET LOCAL idle_in_transaction_session_timeout = 0`;
const TRY_TURN =
  "SELECT pg_try_advisory_xact_lock(hashtextextended('runledger indexes', 0)) AS is_taken";
const ASK_EVERY_MS = 100;

/** Does work while nobody else builds indexes in this database. */
export async function inTurnOfBuilders<T>(database: Database, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await database.migrate(async (db) => {
      const [row] = await db.rows(TRY_TURN);
      return row?.is_taken === 1 ? { result: await work() } : null;
    }, HOLD);
    if (done !== null) return done.result;
    await sleep(ASK_EVERY_MS);
  }
}
