import type { NormalFilter } from '../../domain/filter.ts';
import type { RunStatus } from '../../domain/run.ts';

/** Statuses that a run does not stay in, so that few have them however many runs there are. */
const PASSING: readonly RunStatus[] = ['QUEUED', 'RUNNING', 'RETRYING'];

/** Conditions with an index in the order of runs, the most selective first. */
const INDEXED = [
  'parentRunId',
  'callerRunId',
  'sessionId',
  'tag',
  'errorCode',
  'repository',
  'agent',
] as const satisfies readonly (keyof NormalFilter)[];

/** The condition whose index a query is answered from; null for the index of all runs by time. */
export type QueryDriver = (typeof INDEXED)[number] | 'statuses' | null;

/**
 * Chooses the index for a filter of several conditions. A database chooses by statistics that it has
 * or guesses; here it is known that runs under way are few, so the next run of a repository to claim
 * is looked for among those that are queued, not among all of that repository.
 */
export function driverOf(filter: NormalFilter): QueryDriver {
  const { statuses } = filter;
  const indexed = INDEXED.filter((name) => filter[name] !== undefined);
  const [first] = indexed;
  if (first === 'parentRunId' || first === 'callerRunId' || first === 'sessionId') return first;
  if (statuses?.every((status) => PASSING.includes(status))) return 'statuses';
  return first ?? (statuses === undefined ? null : 'statuses');
}
