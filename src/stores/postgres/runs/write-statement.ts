import type { SqlValue } from '../../sql/columns.ts';
import type { Connection } from '../connection/connection.ts';
import type { Parameters } from '../connection/parameters.ts';
import { appendChange, type Change, type WriteMoment } from '../ledger/ledger-statement.ts';
import { CONTENT_COLUMNS, type NewContents } from './contents.ts';

/** A statement that writes runs, still without the ledger. */
export interface WriteStatement {
  /**
   * Parts that follow `WITH`. The one that is called `run` gives the `id` of each run that was written;
   * the others do something for those alone.
   */
  parts: string[];
  parameters: Parameters;
  /** What it changes, where the runs are still what they were taken for. */
  changes: Change[];
}

/**
 * Writes one run, with the ledger, in one statement that is a transaction by itself. False when the run
 * is not what it was taken for: then nothing was done.
 */
export async function writeAlone(
  db: Connection,
  { parts, parameters, changes }: WriteStatement,
  moment: WriteMoment,
): Promise<boolean> {
  const appends = changes.map((change) => appendChange(parameters, change, moment));
  const sql = `WITH ${parts.join(',\n')} ${appends.join()} RETURNING run_id`;
  return (await db.prepared(sql, parameters.values)).length > 0;
}

/** Writes without the ledger. Gives the ids of the runs that were written. */
export async function writeRuns(
  db: Connection,
  { parts, parameters }: WriteStatement,
): Promise<Set<string>> {
  const rows = await db.prepared(`WITH ${parts.join(',\n')} SELECT id FROM run`, parameters.values);
  return new Set(rows.map((row) => row.id as string));
}

/** How many runs a statement writes. */
export type Extent = 'one' | 'many';

/** The part of a statement that inserts rows of a table which belong to the runs that it writes. */
export function insertRows(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  parameters: Parameters,
  { extent, after = '' }: { extent: Extent; after?: string },
): string {
  const names = columns.join(', ');
  const given = parameters.rows(columns, rows);
  const isPlain = extent === 'one' && rows.length === 1;
  const join = extent === 'one' ? ', run' : ' JOIN run ON run.id = g.run_id';
  const source = isPlain ? `${given} FROM run` : `SELECT g.* FROM (${given}) g (${names})${join}`;
  return `into_${table} AS (INSERT INTO {s}.${table} (${names}) ${source}${after})`;
}

/** The part of a statement that keeps large texts; none where there are none. */
export async function insertContents(
  db: Connection,
  contents: NewContents,
  parameters: Parameters,
): Promise<string[]> {
  const rows = await contents.rows(db);
  if (rows.length === 0) return [];
  return [
    `content AS (INSERT INTO {s}.contents (${CONTENT_COLUMNS.join(', ')})
      ${parameters.rows(CONTENT_COLUMNS, rows)} ON CONFLICT DO NOTHING)`,
  ];
}
