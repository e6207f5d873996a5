import type { RunFilter } from '../domain/filter.ts';
import type { RunStatus as CurrentStatus } from '../domain/run.ts';
import { OLD_STATUS_WORDS } from '../domain/status.ts';
import { RunledgerError } from '../repository/errors.ts';
import { checkWithin } from '../repository/guard/check-arguments.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import type { AgentRun } from './agent-run.ts';
import { toOldShape } from './old-shape.ts';
import type { RunStatus } from './run-status.ts';

/** The last moment at which a run can start. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Which runs `getAllRuns` gives. Null counts as not given: a GraphQL resolver passes it on. */
export interface AllRunsOptions {
  /** An old word finds what it means today. */
  status?: RunStatus | null | undefined;
  /** Started at this moment or later. */
  startDate?: Date | null | undefined;
  /** Started at this moment or earlier. */
  endDate?: Date | null | undefined;
  /** How many runs at most, 0 or more; all by default. */
  limit?: number | null | undefined;
  /** How many of the newest to leave out, 0 or more. */
  offset?: number | null | undefined;
}

/** A page of runs, newest first, and how many match on all pages together. */
export interface AllRuns {
  runs: AgentRun[];
  total: number;
}

/** Reads a page of runs; see `RunStorage.getAllRuns`. */
export async function findAllRuns(
  repository: Pick<RunRepository, 'stream' | 'statistics'>,
  options: AllRunsOptions,
): Promise<AllRuns> {
  const filter = filterOf(options);
  const offset = checkCount('offset', options.offset, 0);
  const end = offset + checkCount('limit', options.limit, Number.MAX_SAFE_INTEGER);
  const runs: AgentRun[] = [];
  let seen = 0;
  for await (const run of repository.stream(filter)) {
    if (seen === end) {
      const { totalRuns, retiredRuns } = await repository.statistics(filter);
      return { runs, total: totalRuns - retiredRuns };
    }
    if (seen >= offset) runs.push(toOldShape(run));
    seen += 1;
  }
  // All that match were seen, so there is nothing left to count.
  return { runs, total: seen };
}

function filterOf({ status, startDate, endDate }: AllRunsOptions): RunFilter {
  const since = checkDate('startDate', startDate);
  const end = checkDate('endDate', endDate);
  const hasEnd = end !== undefined && end.getTime() < LAST;
  return {
    ...(status && { status: OLD_STATUS_WORDS[status] ?? (status as CurrentStatus) }),
    ...(since && { since }),
    // The contract's `until` is itself no part of the span, and times are whole milliseconds.
    ...(hasEnd && { until: new Date(end.getTime() + 1) }),
  };
}

function checkCount(name: string, value: number | null | undefined, otherwise: number): number {
  return checkWithin(name, value ?? undefined, {
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    otherwise,
  });
}

function checkDate(name: string, date: Date | null | undefined): Date | undefined {
  if (date === undefined || date === null) return undefined;
  if (!(date instanceof Date)) throw new TypeError(`${name} must be a Date.`);
  if (!Number.isNaN(date.getTime())) return date;
  const problem = 'must be a moment that a calendar has';
  throw new RunledgerError('INVALID', `${name} ${problem}.`, { issues: [{ path: name, problem }] });
}
