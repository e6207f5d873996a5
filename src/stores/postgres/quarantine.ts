import { createHash } from 'node:crypto';
import type { QuarantineItem, QuarantineOptions } from '../../repository/run-store.ts';
import { textColumn } from '../sql/column-values.ts';
import { quarantineItems, quarantineQuery } from '../sql/quarantine-rows.ts';
import type { Connection } from './connection/connection.ts';
import { Parameters } from './connection/parameters.ts';

const COLUMNS = ['key', 'origin', 'name', 'reason', 'bytes'];

/** Keeps what could not be read. */
export async function keepInQuarantine(
  db: Connection,
  items: readonly QuarantineItem[],
): Promise<void> {
  // Of two items under one name the later stays, as if they had come one after another.
  const last = new Map(items.map((item) => [keyOf(item.origin, item.name).toString('hex'), item]));
  for (const { origin, name, reason, bytes } of last.values()) {
    const parameters = new Parameters();
    const row = [keyOf(origin, name), ...[origin, name, reason].map(textColumn), bytes];
    await db.prepared(
      `INSERT INTO {s}.quarantine (${COLUMNS.join(', ')}) ${parameters.rows(COLUMNS, [row])}
        ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, bytes = excluded.bytes`,
      parameters.values,
    );
  }
}

/** What is kept, by origin and name. */
export async function readQuarantine(
  db: Connection,
  origin: string | undefined,
  options: QuarantineOptions = {},
): Promise<QuarantineItem[]> {
  const { sql, values } = quarantineQuery(origin, options, {
    table: '{s}.quarantine',
    place: (at) => `$${at}`,
  });
  return quarantineItems(await db.rows(sql, values));
}

/** Forgets what is kept of an origin under these names. */
export async function releaseFromQuarantine(
  db: Connection,
  origin: string,
  names: readonly string[],
): Promise<void> {
  const keys = names.map((name) => keyOf(origin, name));
  await db.rows('DELETE FROM {s}.quarantine WHERE key = ANY($1::bytea[])', [keys]);
}

function keyOf(origin: string, name: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([origin, name]))
    .digest();
}
