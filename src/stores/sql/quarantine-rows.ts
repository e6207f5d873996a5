import { compareQuarantineItems } from '../../repository/quarantine-order.ts';
import type { QuarantineItem, QuarantineOptions } from '../../repository/run-store.ts';
import { readText, textColumn } from './column-values.ts';
import type { SqlRow, SqlValue } from './columns.ts';

/** How an engine names the table and the places of values, which count from 1. */
export interface QuarantineWords {
  table: string;
  place(at: number): string;
}

/** The query for what is kept in quarantine: of an origin, of a name, with or without the bytes. */
export function quarantineQuery(
  origin: string | undefined,
  { name, withBytes = true }: QuarantineOptions,
  { table, place }: QuarantineWords,
): { sql: string; values: SqlValue[] } {
  const columns = `origin, name, reason, ${withBytes ? 'bytes' : 'NULL AS bytes'}`;
  const wanted = Object.entries({ origin, name }).filter(([, value]) => value !== undefined);
  const conditions = wanted.map(([column], at) => `${column} = ${place(at + 1)}`);
  return {
    sql: `SELECT ${columns} FROM ${table} WHERE ${conditions.join(' AND ') || 'TRUE'}`,
    values: wanted.map(([, value]) => textColumn(value)),
  };
}

/** The items of such rows, by origin and name in code unit order, which is not the order of UTF-8. */
export function quarantineItems(rows: readonly SqlRow[]): QuarantineItem[] {
  const items = rows.map((row) => ({
    origin: readText(row.origin) ?? '',
    name: readText(row.name) ?? '',
    reason: readText(row.reason) ?? '',
    bytes: row.bytes instanceof Uint8Array ? row.bytes : null,
  }));
  return items.sort(compareQuarantineItems);
}
