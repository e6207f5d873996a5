import type { RunStatus } from './run-status.ts';

/** The words for long-running work that the old programs shared among one another. */
export type SharedRunStatus =
  | 'PENDING'
  | 'STARTED'
  | 'RUNNING'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMEOUT';

const SHARED: ReadonlyMap<RunStatus, SharedRunStatus> = new Map([
  ['QUEUED', 'PENDING'],
  ['RUNNING', 'RUNNING'],
  ['SUCCESS', 'COMPLETED'],
  ['FAILED', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
  // The attempt is over, but the work that was asked for goes on.
  ['RETRYING', 'RUNNING'],
  ['PENDING', 'PENDING'],
  ['STARTED', 'STARTED'],
  ['COMPLETED', 'COMPLETED'],
  ['TIMEOUT', 'TIMEOUT'],
]);

/** The shared word for a status; PENDING for one that nobody knows, as ever. */
export function toSharedRunStatus(status: RunStatus): SharedRunStatus {
  return SHARED.get(status) ?? 'PENDING';
}
