import type { JsonValue } from '../../domain/json.ts';
import type { RunStep, StoredRun } from '../../domain/run.ts';
import type { SqlRow } from '../sql/columns.ts';
import { unpackJson } from '../sql/packed-json.ts';
import { runOfRow, selectRun } from '../sql/run-of-row.ts';
import { packedStepOfRow } from '../sql/step-table.ts';
import type { Connection } from './connection.ts';
import type { Contents } from './contents.ts';

/** A run as it lies in the tables. */
export interface StoredRow {
  /** The run with its input, output and error. */
  row: SqlRow;
  /** The rows of its steps; null for a run that has no list of steps. */
  steps: SqlRow[] | null;
}

const ONE_RUN = `${selectRun(['r.run_number'])} WHERE r.id = ?`;
const STEPS = 'SELECT * FROM run_steps WHERE run_id = ? ORDER BY ordinal';

/** The rows of a run; null when there is none. */
export function readStoredRow(db: Connection, id: string, withSteps = true): StoredRow | null {
  const row = db.get(ONE_RUN, [id]);
  if (row === undefined) return null;
  const hasSteps = withSteps && row.step_count !== null;
  return { row, steps: hasSteps ? db.all(STEPS, [id]) : null };
}

/** The run of these rows. */
export function runOfStoredRow({ row, steps }: StoredRow, { textOf }: Contents): StoredRun {
  const run = runOfRow(row);
  if (steps !== null) {
    const unpack = (step: JsonValue) => unpackJson(step, textOf) as unknown as RunStep;
    run.steps = steps.map((step) => unpack(packedStepOfRow(step)));
  }
  return run;
}
