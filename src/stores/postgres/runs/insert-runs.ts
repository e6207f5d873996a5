import type { StoredRun } from '../../../domain/run.ts';
import { digestColumn, textColumn, timeColumn } from '../../sql/column-values.ts';
import type { SqlValue } from '../../sql/columns.ts';
import {
  ERROR_TABLE,
  INPUT_TABLE,
  OUTPUT_TABLE,
  RUN_TABLE,
  type RunPart,
} from '../../sql/part-tables.ts';
import { STEP_TABLE } from '../../sql/step-table.ts';
import type { Connection } from '../connection/connection.ts';
import { Parameters } from '../connection/parameters.ts';
import type { Change } from '../ledger/ledger-statement.ts';
import { NewContents } from './contents.ts';
import { insertContents, insertRows, type WriteStatement } from './write-statement.ts';

/** The rows of one table that runs are made of. */
interface TableRows {
  table: string;
  columns: readonly string[];
  rows: SqlValue[][];
}

/** The columns of `run_tags`, in the order of `tagRows`. */
export const TAG_COLUMNS = ['tag', 'started_at', 'run_id'] as const;

/**
 * The rows that these runs are made of: those of `agent_runs` first, tables without any left out. They
 * are in the order of ids: two writers of the same runs then wait for one another in one direction.
 */
export function rowsOfRuns(
  runs: readonly RunPart[],
  { keep }: NewContents,
): [runs: TableRows, ...parts: TableRows[]] {
  const rows = {
    runs: [] as SqlValue[][],
    inputs: [] as SqlValue[][],
    outputs: [] as SqlValue[][],
    errors: [] as SqlValue[][],
    steps: [] as SqlValue[][],
    tags: [] as SqlValue[][],
  };
  const ordered = runs.toSorted((a, b) => (a.run.id < b.run.id ? -1 : 1));
  for (const { run, digest } of ordered) {
    const { id: runId, startedAt, input, output, error, steps = [] } = run;
    rows.runs.push(RUN_TABLE.values({ run, digest }));
    rows.inputs.push(INPUT_TABLE.values({ runId, part: input }));
    if (output) rows.outputs.push(OUTPUT_TABLE.values({ runId, part: output }));
    if (error) rows.errors.push(ERROR_TABLE.values({ runId, startedAt, part: error }));
    for (const [ordinal, step] of steps.entries()) {
      rows.steps.push(STEP_TABLE.values({ runId, ordinal, step, keep }));
    }
    rows.tags.push(...tagRows(run));
  }
  const parts: TableRows[] = [
    { table: INPUT_TABLE.name, columns: INPUT_TABLE.columns, rows: rows.inputs },
    { table: OUTPUT_TABLE.name, columns: OUTPUT_TABLE.columns, rows: rows.outputs },
    { table: ERROR_TABLE.name, columns: ERROR_TABLE.columns, rows: rows.errors },
    { table: STEP_TABLE.name, columns: STEP_TABLE.columns, rows: rows.steps },
    { table: 'run_tags', columns: TAG_COLUMNS, rows: rows.tags },
  ];
  return [
    { table: RUN_TABLE.name, columns: RUN_TABLE.columns, rows: rows.runs },
    ...parts.filter((part) => part.rows.length > 0),
  ];
}

/** The rows of `run_tags` for a run. */
export function tagRows({ id, startedAt, tags = [] }: StoredRun): SqlValue[][] {
  return tags.map((tag) => [textColumn(tag), timeColumn(startedAt), id]);
}

/** The changes that inserting these runs makes. */
export function insertions(runs: readonly RunPart[]): Change[] {
  return runs.map(({ run: { id, version }, digest }) => ({
    runId: id,
    version,
    operation: 'insert',
    digest: digestColumn(digest),
    overwrote: null,
  }));
}

/** The statement that inserts those of these runs that are not stored, each with all its parts. */
export async function insertStatement(
  db: Connection,
  runs: readonly RunPart[],
): Promise<WriteStatement> {
  const extent = runs.length === 1 ? 'one' : 'many';
  const contents = new NewContents();
  const parameters = new Parameters();
  const [{ table, columns, rows }, ...others] = rowsOfRuns(runs, contents);
  const parts = [
    `run AS (INSERT INTO {s}.${table} (${columns.join(', ')}) ${parameters.rows(columns, rows)}
      ON CONFLICT (id) DO NOTHING RETURNING id)`,
    ...others.map((part) =>
      insertRows(part.table, part.columns, part.rows, parameters, { extent }),
    ),
    ...(await insertContents(db, contents, parameters)),
  ];
  return { parts, parameters, changes: insertions(runs) };
}
