import type { AgentRun } from '../../domain/run.ts';
import { QUIET_MS, type Transcript } from '../../repository/importer.ts';

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
