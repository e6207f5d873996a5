import { isDeepStrictEqual } from 'node:util';
import { imageOfDelete, imageOfUpdate } from '../sql/ledger-image.ts';
import type { RunPart } from '../sql/part-tables.ts';
import { runOfRow } from '../sql/run-of-row.ts';
import type { StoredRow } from '../sql/stored-row.ts';
import type { Connection } from './connection.ts';
import type { Contents } from './contents.ts';
import { ERROR_ROWS, INPUT_ROWS, OUTPUT_ROWS, RUN_ROWS } from './row-writer.ts';
import { deleteTags, insertTags } from './run-tags.ts';
import { insertSteps, updateSteps } from './write-steps.ts';

/** Inserts a run with all its parts and gives its row number. */
export function insertRun(db: Connection, contents: Contents, { run, digest }: RunPart): number {
  const { id: runId, input, output, error } = run;
  const runNumber = RUN_ROWS.insert(db, { run, digest });
  INPUT_ROWS.insert(db, { runId, part: input });
  if (output) OUTPUT_ROWS.insert(db, { runId, part: output });
  if (error) ERROR_ROWS.insert(db, { runId, startedAt: run.startedAt, part: error });
  insertSteps(db, contents, run);
  insertTags(db, run);
  return runNumber;
}

/** Replaces a run, writing only what changed, and gives the image of what that overwrote. */
export function updateRun(
  db: Connection,
  contents: Contents,
  { row, steps }: StoredRow,
  { run, digest }: RunPart,
): string {
  const before = runOfRow(row);
  const { id: runId, input, output, error } = run;
  RUN_ROWS.update(db, { run, digest }, row);
  INPUT_ROWS.update(db, { runId, part: input }, row);
  if (output && before.output) OUTPUT_ROWS.update(db, { runId, part: output }, row);
  else if (output) OUTPUT_ROWS.insert(db, { runId, part: output });
  else if (before.output) OUTPUT_ROWS.delete(db, runId);
  const failure = error && { runId, startedAt: run.startedAt, part: error };
  if (failure && before.error) ERROR_ROWS.update(db, failure, row);
  else if (failure) ERROR_ROWS.insert(db, failure);
  else if (before.error) ERROR_ROWS.delete(db, runId);
  if (before.startedAt !== run.startedAt || !isDeepStrictEqual(before.tags, run.tags)) {
    deleteTags(db, before);
    insertTags(db, run);
  }
  const stepsChanged = updateSteps(db, contents, steps, run);
  return imageOfUpdate({ before, stepsBefore: steps }, run, stepsChanged, contents.keep);
}

/** Deletes a run with its parts and gives the image of it. */
export function deleteRun(db: Connection, contents: Contents, { row, steps }: StoredRow): string {
  const run = runOfRow(row);
  RUN_ROWS.delete(db, run.id);
  deleteTags(db, run);
  return imageOfDelete({ before: run, stepsBefore: steps }, contents.keep);
}
