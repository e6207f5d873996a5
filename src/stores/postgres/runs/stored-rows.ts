import type { SqlRow, SqlValue } from '../../sql/columns.ts';
import { selectRun } from '../../sql/run-of-row.ts';
import { packedStepOfRow, STEP_TABLE } from '../../sql/step-table.ts';
import type { StoredRow } from '../../sql/stored-row.ts';
import type { Connection } from '../connection/connection.ts';
import { typeOf } from '../connection/value-types.ts';
import type { KnownContents } from './contents.ts';

const STEP_COLUMNS = STEP_TABLE.columns.filter((column) => column !== 'run_id');

/** The steps of a run in one value, so that a single statement reads it whole, at one moment. */
const STEPS = `CASE WHEN r.step_count > 0 THEN (
    SELECT json_agg(json_build_array(${STEP_COLUMNS.map(inJson).join(', ')}) ORDER BY s.ordinal)
    FROM {s}.run_steps s WHERE s.run_id = r.id
  ) END AS steps`;

/** A column as JSON carries it without change. */
function inJson(column: string): string {
  const type = typeOf(column);
  if (type === 'json') return `s.${column}::text`;
  if (type === 'timestamptz') return `(extract(epoch FROM s.${column}) * 1000)::bigint`;
  return `s.${column}`;
}

const SELECT_WHOLE = selectRun([STEPS], '{s}.');
const SELECT_WITHOUT_STEPS = selectRun([], '{s}.');
const ONE = 'WHERE r.id = $1::uuid';
const THESE = 'WHERE r.id = ANY($1::uuid[])';

/** The rows of these runs that exist, by id. */
export async function readStoredRows(
  db: Connection,
  ids: readonly string[],
  withSteps = true,
): Promise<Map<string, StoredRow>> {
  if (ids.length === 0) return new Map();
  const select = withSteps ? SELECT_WHOLE : SELECT_WITHOUT_STEPS;
  const [only] = ids;
  const rows =
    ids.length === 1
      ? await db.prepared(`${select} ${ONE}`, [only])
      : await db.rows(`${select} ${THESE}`, [ids]);
  return new Map(rows.map((row) => [row.id as string, storedRowOf(row, withSteps)]));
}

function storedRowOf(row: SqlRow, withSteps: boolean): StoredRow {
  if (row.step_count === null || !withSteps) return { row, steps: null };
  const steps = JSON.parse(String(row.steps ?? '[]')) as SqlValue[][];
  return {
    row,
    steps: steps.map((values) =>
      Object.fromEntries(STEP_COLUMNS.map((column, at) => [column, values[at] ?? null])),
    ),
  };
}

/** Reads the large texts that the steps of these rows refer to, for `runOfStoredRow`. */
export async function learnTexts(
  db: Connection,
  stored: Iterable<StoredRow>,
  contents: KnownContents,
): Promise<void> {
  const steps = [...stored].flatMap((one) => one.steps ?? []);
  await contents.learn(db, steps.map(packedStepOfRow));
}
