import type { AgentRun, RunStatus, Usage } from './run.ts';
import { RUN_STATUSES } from './status.ts';

/** Token totals: `inputTokens` without the cache, `outputTokens` with reasoning. */
export interface UsageTotals {
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
}

/** The figures of one repository. */
export interface RepositoryStatistics {
  repository: string;
  totalRuns: number;
  /** Milliseconds; null when no run has a duration. */
  averageDuration: number | null;
  p95Duration: number | null;
  /** SUCCESS / all runs, 0 to 1. */
  successRate: number;
  /** When the newest run started, ISO 8601. */
  lastRunAt: string;
}

/** The figures of a set of runs. Everything counts living and retired runs together. */
export interface RunStatistics {
  totalRuns: number;
  /** Runs that retention took out and whose figures were kept. */
  retiredRuns: number;
  byStatus: Record<RunStatus, number>;
  /** Runs whose status was concluded, not written by their source. */
  inferredStatus: number;
  /** Milliseconds, over the runs that have a duration; null when none has. */
  averageDuration: number | null;
  /** The continuous 95th percentile, as PERCENTILE_CONT(0.95). */
  p95Duration: number | null;
  /** SUCCESS / all runs, 0 to 1; null when there is no run. */
  successRate: number | null;
  /** The same over the runs with a recorded status alone. */
  recordedSuccessRate: number | null;
  /** Names of the figures above that are estimates. */
  approximate: string[];
  /** Null when no run knows its usage. */
  usage: UsageTotals | null;
  runsWithoutUsage: number;
  /** US dollars; null when no run knows its cost. */
  costUsd: number | null;
  runsWithoutCost: number;
  /** Most runs first, then by name. */
  byRepository: RepositoryStatistics[];
}

/**
 * The continuous percentile of numbers sorted upwards: between two values it interpolates, as
 * PERCENTILE_CONT does. Null for none.
 */
export function percentile(sorted: readonly number[], fraction: number): number | null {
  const place = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/** The order of `byRepository`: most runs first, then by name in code unit order. */
export function compareRepositories(a: RepositoryStatistics, b: RepositoryStatistics): number {
  return b.totalRuns - a.totalRuns || (a.repository < b.repository ? -1 : 1);
}

/** The figures of these runs. The reference that every store must agree with. */
export function statisticsOf(runs: Iterable<AgentRun>): RunStatistics {
  const all = [...runs];
  const recorded = all.filter((run) => run.statusSource !== 'inferred');
  const repositories = Map.groupBy(all, (run) => run.repository);
  const costs = all.flatMap((run) => run.costMicroUsd ?? []);
  const usages = all.flatMap((run) => run.usage ?? []);
  return {
    totalRuns: all.length,
    retiredRuns: 0,
    byStatus: Object.fromEntries(
      RUN_STATUSES.map((status) => [status, all.filter((run) => run.status === status).length]),
    ) as Record<RunStatus, number>,
    inferredStatus: all.length - recorded.length,
    ...durations(all),
    successRate: successRate(all),
    recordedSuccessRate: successRate(recorded),
    approximate: [],
    usage: usages.length === 0 ? null : sumUsage(usages),
    runsWithoutUsage: all.length - usages.length,
    costUsd: costs.length === 0 ? null : sum(costs) / 1e6,
    runsWithoutCost: all.length - costs.length,
    byRepository: [...repositories]
      .map(([repository, own]) => ({
        repository,
        totalRuns: own.length,
        ...durations(own),
        successRate: successRate(own) ?? 0,
        lastRunAt: own.reduce((last, run) => (run.startedAt > last ? run.startedAt : last), ''),
      }))
      .sort(compareRepositories),
  };
}

function durations(runs: readonly AgentRun[]) {
  const sorted = runs.flatMap((run) => run.duration ?? []).sort((a, b) => a - b);
  return {
    averageDuration: sorted.length === 0 ? null : sum(sorted) / sorted.length,
    p95Duration: percentile(sorted, 0.95),
  };
}

function successRate(runs: readonly AgentRun[]): number | null {
  if (runs.length === 0) return null;
  return runs.filter((run) => run.status === 'SUCCESS').length / runs.length;
}

/** The tokens of several runs together; what a run does not know adds nothing. */
export function sumUsage(usages: readonly Usage[]): UsageTotals {
  const part = (name: keyof Usage) => sum(usages.map((usage) => usage[name] ?? 0));
  return {
    inputTokens: part('inputTokens'),
    cacheReadTokens: part('cacheReadTokens'),
    cacheWriteTokens: part('cacheWrite5mTokens') + part('cacheWrite1hTokens'),
    outputTokens: part('outputTokens') + part('reasoningTokens'),
    reasoningTokens: part('reasoningTokens'),
  };
}

/** Two totals together. */
export function addUsage(a: UsageTotals, b: UsageTotals): UsageTotals {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  };
}

/** The sum of whole numbers, rounded once at its end: a database adds integers beyond 2^53 exactly. */
function sum(numbers: readonly number[]): number {
  return Number(numbers.reduce((total, value) => total + BigInt(value), 0n));
}
