import type { StoredRun } from '../../domain/run.ts';

/**
 * The text of the file of a run: what old files hold, and beside it the version and the times, so that
 * they outlive the index. Without a line end after the last brace, as ever.
 */
export function runText(run: StoredRun): string {
  return JSON.stringify(run, null, 2);
}
