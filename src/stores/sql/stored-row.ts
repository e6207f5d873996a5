import type { JsonValue } from '../../domain/json.ts';
import type { RunStep, StoredRun } from '../../domain/run.ts';
import type { SqlRow } from './columns.ts';
import { type TextOf, unpackJson } from './packed-json.ts';
import { runOfRow } from './run-of-row.ts';
import { packedStepOfRow } from './step-table.ts';

/** A run as it lies in the tables. */
export interface StoredRow {
  /** The run with its input, output and error. */
  row: SqlRow;
  /** The rows of its steps; null for a run that has no list of steps. */
  steps: SqlRow[] | null;
}

/** The run of these rows. */
export function runOfStoredRow(
  { row, steps }: StoredRow,
  { textOf }: { textOf: TextOf },
): StoredRun {
  const run = runOfRow(row);
  if (steps !== null) {
    const unpack = (step: JsonValue) => unpackJson(step, textOf) as unknown as RunStep;
    run.steps = steps.map((step) => unpack(packedStepOfRow(step)));
  }
  return run;
}
