import type { SqlValue } from '../sql/columns.ts';
import type { Connection } from './connection.ts';
import { CONTENT_COLUMNS, type NewContents } from './contents.ts';
import { appendChanges, type Change, type WriteMoment } from './ledger-statement.ts';
import type { Parameters } from './parameters.ts';

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

/** The parts of a statement that writes together with its changes in the ledger. */
export function withLedger(
  { parts, parameters, changes }: WriteStatement,
  moment: WriteMoment,
): string {
  const append = appendChanges(parameters, changes, moment, 'JOIN run ON run.id = g.run_id');
  return `WITH ${[...parts, `change AS (${append} RETURNING run_id)`].join(',\n')}`;
}

/** Writes, with the ledger, in one statement. Gives the ids of the runs that were written. */
export async function writeAlone(
  db: Connection,
  statement: WriteStatement,
  moment: WriteMoment,
): Promise<Set<string>> {
  const sql = `${withLedger(statement, moment)} SELECT run_id FROM change`;
  const rows = await db.prepared(sql, statement.parameters.values);
  return new Set(rows.map((row) => row.run_id as string));
}

/** Writes without the ledger. Gives the ids of the runs that were written. */
export async function writeRuns(
  db: Connection,
  { parts, parameters }: WriteStatement,
): Promise<Set<string>> {
  const rows = await db.prepared(`WITH ${parts.join(',\n')} SELECT id FROM run`, parameters.values);
  return new Set(rows.map((row) => row.id as string));
}

/** The part of a statement that inserts rows of a table which belong to the runs that it writes. */
export function insertRows(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  parameters: Parameters,
  after = '',
): string {
  const names = columns.join(', ');
  return `into_${table} AS (INSERT INTO {s}.${table} (${names})
    SELECT g.* FROM (${parameters.rows(columns, rows)}) g (${names})
    JOIN run ON run.id = g.run_id${after})`;
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
