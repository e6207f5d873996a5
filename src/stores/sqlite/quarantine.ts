import type { QuarantineItem, QuarantineOptions } from '../../repository/run-store.ts';
import { textColumn } from '../sql/column-values.ts';
import { quarantineItems, quarantineQuery } from '../sql/quarantine-rows.ts';
import type { Connection } from './connection.ts';

const KEEP = 'INSERT OR REPLACE INTO quarantine (origin, name, reason, bytes) VALUES (?, ?, ?, ?)';

/** Keeps what could not be read. */
export function keepInQuarantine(db: Connection, items: readonly QuarantineItem[]): void {
  for (const { origin, name, reason, bytes } of items) {
    db.run(KEEP, [textColumn(origin), textColumn(name), textColumn(reason), bytes]);
  }
}

/** What is kept, by origin and name. */
export function readQuarantine(
  db: Connection,
  origin: string | undefined,
  options: QuarantineOptions = {},
): QuarantineItem[] {
  const words = { table: 'quarantine', place: () => '?' };
  const { sql, values } = quarantineQuery(origin, options, words);
  return quarantineItems(db.all(sql, values));
}

/** Forgets what is kept of an origin under these names. */
export function releaseFromQuarantine(
  db: Connection,
  origin: string,
  names: readonly string[],
): void {
  const sql = 'DELETE FROM quarantine WHERE origin = ? AND name = ?';
  for (const name of names) db.run(sql, [textColumn(origin), textColumn(name)]);
}
