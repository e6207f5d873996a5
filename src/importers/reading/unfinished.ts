import type { AgentRun } from '../../domain/run.ts';
import type { Transcript } from '../importer.ts';

/** A file that has not changed for so long is not being written any more. */
const QUIET_MS = 10 * 60_000;

/** Whether a file changed so lately that more may come. `now`: milliseconds since 1970. */
export function isGrowing({ modifiedAt }: Transcript, now: number): boolean {
  return now - modifiedAt < QUIET_MS;
}

/** How a run stands that its source leaves before an answer. */
export function unfinished(mayGrow: boolean): Pick<AgentRun, 'status' | 'error'> {
  if (mayGrow) return { status: 'RUNNING' };
  const message = 'The transcript stops before an answer.';
  return { status: 'FAILED', error: { code: 'UNFINISHED', message, recoverable: true } };
}
