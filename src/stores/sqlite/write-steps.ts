import type { StoredRun } from '../../domain/run.ts';
import type { SqlRow } from '../sql/columns.ts';
import type { Connection } from './connection.ts';
import type { Contents } from './contents.ts';
import { STEP_ROWS } from './row-writer.ts';

/** Inserts the steps of a run, from the given one on. */
export function insertSteps(
  db: Connection,
  { keep }: Contents,
  { id: runId, steps = [] }: StoredRun,
  from = 0,
): void {
  for (const [ordinal, step] of steps.entries()) {
    if (ordinal >= from) STEP_ROWS.insert(db, { runId, ordinal, step, keep });
  }
}

/**
 * Makes the stored steps of a run (`before`, null where it had no list) those that it has now; a
 * transcript that grew costs its new steps. False when nothing had to change.
 */
export function updateSteps(
  db: Connection,
  contents: Contents,
  before: readonly SqlRow[] | null,
  run: StoredRun,
): boolean {
  const { keep } = contents;
  const { id: runId, steps = [] } = run;
  const rows = before ?? [];
  let changed = (before === null) !== (run.steps === undefined) || rows.length !== steps.length;
  for (const [ordinal, row] of rows.entries()) {
    const step = steps[ordinal];
    if (step === undefined) STEP_ROWS.delete(db, runId, ordinal);
    else if (STEP_ROWS.update(db, { runId, ordinal, step, keep }, row)) changed = true;
  }
  insertSteps(db, contents, run, rows.length);
  return changed;
}
