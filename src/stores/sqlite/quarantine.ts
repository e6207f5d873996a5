import { compareQuarantineItems } from '../../repository/quarantine-order.ts';
import type { QuarantineItem, QuarantineOptions } from '../../repository/run-store.ts';
import { readText, textColumn } from '../sql/column-values.ts';
import type { Connection } from './connection.ts';

const KEEP = 'INSERT OR REPLACE INTO quarantine (origin, name, reason, bytes) VALUES (?, ?, ?, ?)';

/** Keeps what could not be read. */
export function keepInQuarantine(db: Connection, items: readonly QuarantineItem[]): void {
  for (const { origin, name, reason, bytes } of items) {
    db.run(KEEP, [textColumn(origin), textColumn(name), textColumn(reason), bytes]);
  }
}

/** What is kept, by origin and name in code unit order, which is not the order of UTF-8. */
export function readQuarantine(
  db: Connection,
  origin: string | undefined,
  { name, withBytes = true }: QuarantineOptions = {},
): QuarantineItem[] {
  const columns = `origin, name, reason, ${withBytes ? 'bytes' : 'NULL AS bytes'}`;
  const wanted = Object.entries({ origin, name }).filter(([, value]) => value !== undefined);
  const where = wanted.map(([column]) => `${column} = ?`).join(' AND ') || 'TRUE';
  const values = wanted.map(([, value]) => textColumn(value));
  const rows = db.all(`SELECT ${columns} FROM quarantine WHERE ${where}`, values);
  const items = rows.map((row) => ({
    origin: readText(row.origin) ?? '',
    name: readText(row.name) ?? '',
    reason: readText(row.reason) ?? '',
    bytes: row.bytes instanceof Uint8Array ? row.bytes : null,
  }));
  return items.sort(compareQuarantineItems);
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
