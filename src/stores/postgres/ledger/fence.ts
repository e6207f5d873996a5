import { isRunledgerError, RunledgerError } from '../../../repository/errors.ts';
import type { LedgerPosition } from '../../../repository/position.ts';
import { movedElsewhere } from '../../../repository/transfer.ts';
import { readText, textColumn } from '../../sql/column-values.ts';
import type { Connection } from '../connection/connection.ts';
import { readPosition } from './ledger-entries.ts';

/** Waits for every transaction that may still write to the ledger, and keeps others from beginning. */
const ALONE = `SET LOCAL lock_timeout = '30s'; LOCK TABLE {s}.run_changes IN SHARE ROW EXCLUSIVE MODE`;
const REFUSE = `CREATE OR REPLACE TRIGGER refuse_moved BEFORE INSERT ON {s}.run_changes
  FOR EACH STATEMENT EXECUTE FUNCTION {s}.refuse_moved()`;
const NOTE = `INSERT INTO {s}.store_fence (only_row, moved_to) VALUES (true, $1::text)
  ON CONFLICT (only_row) DO UPDATE SET moved_to = excluded.moved_to`;

/** Where the store was moved to; null for one that was not. */
export async function readFence(db: Connection): Promise<string | null> {
  const [row] = await db.rows('SELECT moved_to FROM {s}.store_fence');
  return row === undefined ? null : (readText(row.moved_to) ?? null);
}

/**
 * From now on the database refuses every change. Gives the place of the last one. Throws MOVED where the
 * store was moved to another place before. Must be called in a transaction.
 */
export async function raiseFence(db: Connection, movedTo: string): Promise<LedgerPosition> {
  await db.script(ALONE);
  const before = await readFence(db);
  if (before !== null && before !== movedTo) throw movedElsewhere(before);
  // Nobody else writes: nothing is held back by the horizon.
  const position = await readPosition(db);
  await db.rows(NOTE, [textColumn(movedTo)]);
  await db.script(REFUSE);
  return position;
}

/** Takes it away. Must be called in a transaction. */
export async function liftFence(db: Connection): Promise<void> {
  await db.script(ALONE);
  await db.script('DROP TRIGGER IF EXISTS refuse_moved ON {s}.run_changes');
  await db.rows('DELETE FROM {s}.store_fence');
}

/**
 * Raises or takes away. Where the server refuses the user, DENIED says who may: that shows after the copy
 * of a move, which is not lost.
 */
export async function asOwner<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isRunledgerError(error, 'DENIED')) throw error;
    throw new RunledgerError(error.code, error.message, {
      cause: error,
      hint: 'Closing a store for changes, and opening it again, is for the owner of its tables: run the same command as the owner. What was copied is kept.',
    });
  }
}
