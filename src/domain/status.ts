import type { RunStatus } from './run.ts';

/** Every status, in the order in which people think of them. */
export const RUN_STATUSES: readonly RunStatus[] = [
  'QUEUED',
  'RUNNING',
  'SUCCESS',
  'FAILED',
  'CANCELLED',
  'RETRYING',
];

/**
 * From where to where a saved run may go. Staying where it is is always allowed: a save may change
 * other fields. RETRYING is entered by `retry` and left again when that retry ends, to FAILED,
 * whichever way the retry went: this attempt did fail.
 */
const TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  QUEUED: ['RUNNING', 'CANCELLED'],
  RUNNING: ['SUCCESS', 'FAILED', 'CANCELLED'],
  SUCCESS: [],
  FAILED: ['RETRYING'],
  CANCELLED: [],
  RETRYING: ['FAILED'],
};

/** True when a run may go from one status to the other, or stays where it is. */
export function mayBecome(from: RunStatus, to: RunStatus): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

/** The statuses that a run may have before it gets this one, itself among them. */
export function mayComeFrom(to: RunStatus): readonly RunStatus[] {
  return COMES_FROM[to];
}

const COMES_FROM = Object.fromEntries(
  RUN_STATUSES.map((to) => [to, RUN_STATUSES.filter((from) => mayBecome(from, to))]),
) as unknown as Readonly<Record<RunStatus, readonly RunStatus[]>>;

/** Runs that somebody works on or will: never deleted, and the only ones that can be cancelled. */
export const ACTIVE_STATUSES: readonly RunStatus[] = ['QUEUED', 'RUNNING'];

/** True for an attempt that is over. A RETRYING run failed; its repetition is another run. */
export function hasEnded(status: RunStatus): boolean {
  return !ACTIVE_STATUSES.includes(status);
}

/** Words of older writers, and what they mean today. */
export const OLD_STATUS_WORDS: Readonly<Record<string, RunStatus>> = {
  PENDING: 'QUEUED',
  STARTED: 'RUNNING',
  COMPLETED: 'SUCCESS',
  TIMEOUT: 'FAILED',
};
