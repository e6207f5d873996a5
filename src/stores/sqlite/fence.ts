import { movedElsewhere } from '../../repository/transfer.ts';
import { readText, textColumn } from '../sql/column-values.ts';
import type { Connection } from './connection.ts';
import { FENCE_MESSAGE } from './store-error.ts';

/** Refuses every change, with the encoded place for its message: also those of an older program. */
const REFUSE = `CREATE TRIGGER IF NOT EXISTS refuse_moved BEFORE INSERT ON run_changes BEGIN
  SELECT RAISE(ABORT, (SELECT '${FENCE_MESSAGE}' || moved_to FROM store_fence)); END`;

/** Where the store was moved to; null for one that was not. */
export function readFence(db: Connection): string | null {
  return readText(db.get('SELECT moved_to FROM store_fence')?.moved_to ?? null) ?? null;
}

/** Notes where the store is moved to. Throws MOVED where it was moved to another place before. */
export function noteFence(db: Connection, movedTo: string): void {
  const before = readFence(db);
  if (before !== null && before !== movedTo) throw movedElsewhere(before);
  const sql = 'INSERT OR REPLACE INTO store_fence (only_row, moved_to) VALUES (1, ?)';
  db.run(sql, [textColumn(movedTo)]);
}

/** The same, and from now on the database refuses every change. */
export function raiseFence(db: Connection, movedTo: string): void {
  noteFence(db, movedTo);
  db.script(REFUSE);
}

/** Takes it away. */
export function liftFence(db: Connection): void {
  db.script('DROP TRIGGER IF EXISTS refuse_moved; DELETE FROM store_fence');
}
