import type { StoredRun } from '../../domain/run.ts';
import { textColumn, timeColumn } from '../sql/column-values.ts';
import type { Connection } from './connection.ts';

/** Enters the tags of a run into the index of tags. */
export function insertTags(db: Connection, run: StoredRun): void {
  if (run.tags === undefined) return;
  const sql = 'INSERT INTO run_tags (tag, started_at, run_id) VALUES (?, ?, ?)';
  for (const tag of run.tags) db.run(sql, [textColumn(tag), timeColumn(run.startedAt), run.id]);
}

/** Takes them out again. */
export function deleteTags(db: Connection, run: StoredRun): void {
  if (run.tags === undefined) return;
  const sql = 'DELETE FROM run_tags WHERE tag = ? AND started_at = ? AND run_id = ?';
  for (const tag of run.tags) db.run(sql, [textColumn(tag), timeColumn(run.startedAt), run.id]);
}
