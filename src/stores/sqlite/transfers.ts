import type { JsonObject } from '../../domain/json.ts';
import type { Transfer } from '../../repository/transfer.ts';
import { readText, textColumn } from '../sql/column-values.ts';
import type { Connection } from './connection.ts';

/** Keeps how far a copy got, in place of what was kept of its origin. */
export function keepTransfer(db: Connection, { origin, state }: Transfer): void {
  const sql = 'INSERT OR REPLACE INTO transfers (origin, state) VALUES (?, ?)';
  db.run(sql, [textColumn(origin), JSON.stringify(state)]);
}

/** What is kept, by origin. */
export function readTransfers(db: Connection): Transfer[] {
  return db.all('SELECT origin, state FROM transfers ORDER BY origin').map((row) => ({
    origin: readText(row.origin) ?? '',
    state: JSON.parse(String(row.state)) as JsonObject,
  }));
}
