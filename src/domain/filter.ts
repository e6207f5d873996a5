import { InvalidRun, type RunIssue } from './invalid-run.ts';
import type { AgentRun, RunStatus } from './run.ts';
import { RUN_STATUSES } from './status.ts';
import { normalizeTime } from './time.ts';

/**
 * Which runs are meant. Every condition that is given must hold; an empty filter means all runs.
 * A condition that is `undefined` counts as not given.
 */
export interface RunFilter {
  /** One of these. */
  status?: RunStatus | readonly RunStatus[];
  repository?: string;
  agent?: string;
  model?: string;
  sessionId?: string;
  branch?: string;
  /** The run carries this tag. */
  tag?: string;
  errorCode?: string;
  parentRunId?: string;
  callerRunId?: string;
  /** Started at this time or later. */
  since?: string | Date;
  /** Started before this time. */
  until?: string | Date;
}

/** A filter after `normalizeFilter`: times as ISO 8601, statuses as a list, nothing undefined. */
export interface NormalFilter extends Omit<RunFilter, 'status' | 'since' | 'until'> {
  statuses?: readonly RunStatus[];
  since?: string;
  until?: string;
}

const TEXT_CONDITIONS = [
  'repository',
  'agent',
  'model',
  'sessionId',
  'branch',
  'tag',
  'errorCode',
  'parentRunId',
  'callerRunId',
] as const;
const CONDITIONS: readonly string[] = [...TEXT_CONDITIONS, 'status', 'since', 'until'];
const ID_CONDITIONS: readonly string[] = ['parentRunId', 'callerRunId'];

/** Checks a filter and brings it to one form. Throws `InvalidRun` naming each wrong condition. */
export function normalizeFilter(filter: RunFilter): NormalFilter {
  const issues: RunIssue[] = [];
  const normal: NormalFilter = {};
  for (const key of Object.keys(filter)) {
    if (!CONDITIONS.includes(key)) {
      const problem = `is no condition of a filter; there are ${CONDITIONS.join(', ')}`;
      issues.push({ path: key, problem });
    }
  }
  for (const key of TEXT_CONDITIONS) {
    const value = filter[key];
    if (value === undefined) continue;
    if (typeof value === 'string') {
      normal[key] = ID_CONDITIONS.includes(key) ? value.toLowerCase() : value;
    } else issues.push({ path: key, problem: 'must be a string' });
  }
  if (filter.status !== undefined) {
    const statuses = typeof filter.status === 'string' ? [filter.status] : filter.status;
    if (!Array.isArray(statuses) || statuses.length === 0) {
      issues.push({ path: 'status', problem: 'must be a status or a list of at least one' });
    } else {
      for (const status of statuses) {
        if (RUN_STATUSES.includes(status)) continue;
        issues.push({ path: 'status', problem: `must be one of ${RUN_STATUSES.join(', ')}` });
      }
      normal.statuses = [...new Set<RunStatus>(statuses)];
    }
  }
  for (const key of ['since', 'until'] as const) {
    const value = filter[key];
    if (value === undefined) continue;
    const time = normalizeTime(value);
    if (time.ok) normal[key] = time.value;
    else issues.push({ path: key, problem: time.problem });
  }
  if (issues.length > 0) throw new InvalidRun(issues);
  return normal;
}

/** True when the filter names no condition, so that it means every run. */
export function isEmptyFilter(filter: NormalFilter): boolean {
  return Object.keys(filter).length === 0;
}

/** What a filter looks at: a run or anything else with these fields. */
export type Filterable = Omit<AgentRun, 'retryCount' | 'steps'>;

/** Whether a run is meant by a filter. The reference that every store must agree with. */
export function matchesFilter(run: Filterable, filter: NormalFilter): boolean {
  return (
    (filter.statuses === undefined || filter.statuses.includes(run.status)) &&
    (filter.repository === undefined || filter.repository === run.repository) &&
    (filter.agent === undefined || filter.agent === run.agent) &&
    (filter.model === undefined || filter.model === run.input.model) &&
    (filter.sessionId === undefined || filter.sessionId === run.sessionId) &&
    (filter.branch === undefined || filter.branch === run.branch) &&
    (filter.tag === undefined || (run.tags?.includes(filter.tag) ?? false)) &&
    (filter.errorCode === undefined || filter.errorCode === run.error?.code) &&
    (filter.parentRunId === undefined || filter.parentRunId === run.parentRunId) &&
    (filter.callerRunId === undefined || filter.callerRunId === run.callerRunId) &&
    (filter.since === undefined || run.startedAt >= filter.since) &&
    (filter.until === undefined || run.startedAt < filter.until)
  );
}
