import { hash } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import type { Transfer } from '../../repository/transfer.ts';
import { readText, textColumn } from '../sql/column-values.ts';
import type { Connection } from './connection/connection.ts';

/** Keeps how far a copy got, in place of what was kept of its origin. */
export async function keepTransfer(db: Connection, { origin, state }: Transfer): Promise<void> {
  // A text that is not well-formed would have the bytes of another one.
  const encoded = textColumn(origin) ?? '';
  await db.prepared(
    `INSERT INTO {s}.transfers (key, origin, state) VALUES ($1::bytea, $2::text, $3::text)
      ON CONFLICT (key) DO UPDATE SET state = excluded.state`,
    [hash('sha256', encoded, 'buffer'), encoded, JSON.stringify(state)],
  );
}

/** What is kept, by origin. */
export async function readTransfers(db: Connection): Promise<Transfer[]> {
  const rows = await db.rows('SELECT origin, state FROM {s}.transfers ORDER BY origin');
  return rows.map((row) => ({
    origin: readText(row.origin) ?? '',
    state: JSON.parse(String(row.state)) as JsonObject,
  }));
}
