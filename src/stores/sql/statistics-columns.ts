import { type RawBuilder, sql } from 'kysely';
import type { RunStatus } from '../../domain/run.ts';
import { compareRepositories, type RunStatistics } from '../../domain/statistics.ts';
import { RUN_STATUSES } from '../../domain/status.ts';
import { readNumber, readText, readTime } from './column-values.ts';
import type { SqlRow } from './columns.ts';

/**
 * The figures of a group of runs `r`. Sums are floating point: they are exact below 2^53, and beyond
 * it an integer could not be read, or would overflow.
 */
export function statisticsColumns(p95: RawBuilder<unknown>) {
  const columns = {
    total_runs: sql`count(*)`,
    with_duration: sql`count(r.duration)`,
    total_duration: total('duration'),
    p95_duration: p95,
    last_run_at: sql`max(r.started_at)`,
    inferred: sql`count(*) FILTER (WHERE r.status_source = 'inferred')`,
    inferred_success: sql`count(*) FILTER (WHERE r.status_source = 'inferred' AND r.status = 'SUCCESS')`,
    ...Object.fromEntries(RUN_STATUSES.map((status) => [status, countOf(status)])),
    with_cost: sql`count(r.cost_micro_usd)`,
    total_cost: total('cost_micro_usd'),
    with_usage: sql`sum(r.has_usage)`,
    input: total('input_tokens'),
    cache_read: total('cache_read_tokens'),
    cache_write_5m: total('cache_write_5m_tokens'),
    cache_write_1h: total('cache_write_1h_tokens'),
    output: total('output_tokens'),
    reasoning: total('reasoning_tokens'),
  };
  return Object.entries(columns).map(([name, column]) => column.as(name));
}

/** The statistics of groups by repository, and the percentile over all of them together. */
export function statisticsOfRows(rows: readonly SqlRow[], p95: number | null): RunStatistics {
  const sum = (column: string) =>
    rows.reduce((all, row) => all + (readNumber(row[column]) ?? 0), 0);
  const totalRuns = sum('total_runs');
  const inferred = sum('inferred');
  const recordedSuccess = sum('SUCCESS') - sum('inferred_success');
  const byStatus = Object.fromEntries(RUN_STATUSES.map((status) => [status, sum(status)]));
  return {
    totalRuns,
    retiredRuns: 0,
    byStatus: byStatus as Record<RunStatus, number>,
    inferredStatus: inferred,
    averageDuration: ratio(sum('total_duration'), sum('with_duration')),
    p95Duration: p95,
    successRate: ratio(sum('SUCCESS'), totalRuns),
    recordedSuccessRate: ratio(recordedSuccess, totalRuns - inferred),
    approximate: [],
    usage: sum('with_usage') === 0 ? null : usageOf(sum),
    runsWithoutUsage: totalRuns - sum('with_usage'),
    costUsd: sum('with_cost') === 0 ? null : sum('total_cost') / 1e6,
    runsWithoutCost: totalRuns - sum('with_cost'),
    byRepository: rows.map(repositoryOfRow).sort(compareRepositories),
  };
}

function repositoryOfRow(row: SqlRow) {
  const totalRuns = readNumber(row.total_runs) ?? 0;
  return {
    repository: readText(row.repository) ?? '',
    totalRuns,
    averageDuration: ratio(
      readNumber(row.total_duration) ?? 0,
      readNumber(row.with_duration) ?? 0,
    ),
    p95Duration: readNumber(row.p95_duration) ?? null,
    successRate: ratio(readNumber(row.SUCCESS) ?? 0, totalRuns) ?? 0,
    lastRunAt: readTime(row.last_run_at) ?? '',
  };
}

function usageOf(sum: (column: string) => number) {
  const reasoningTokens = sum('reasoning');
  return {
    inputTokens: sum('input'),
    cacheReadTokens: sum('cache_read'),
    cacheWriteTokens: sum('cache_write_5m') + sum('cache_write_1h'),
    outputTokens: sum('output') + reasoningTokens,
    reasoningTokens,
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function total(column: string) {
  return sql`coalesce(sum(cast(${sql.ref(`r.${column}`)} AS double precision)), 0)`;
}

function countOf(status: RunStatus) {
  return sql`count(*) FILTER (WHERE r.status = ${sql.lit(status)})`;
}
