import { type RawBuilder, sql } from 'kysely';
import type { RunStatus } from '../../domain/run.ts';
import {
  compareRepositories,
  type RepositoryStatistics,
  type RunStatistics,
} from '../../domain/statistics.ts';
import { RUN_STATUSES } from '../../domain/status.ts';
import { readNumber, readText, readTime } from './column-values.ts';
import type { SqlRow } from './columns.ts';

/** What the engines write differently in statistics. */
export interface AggregateWords {
  /** The continuous 95th percentile of `r.duration`. */
  p95: RawBuilder<unknown>;
  /**
   * The sum of a column of `r` as a floating point number, rounded once; 0 for no row. An integer
   * could be beyond 2^53, which cannot be read.
   */
  total(column: string): RawBuilder<unknown>;
  /** That a column of `r` holds true. */
  isTrue(column: string): RawBuilder<unknown>;
}

/** The figures of all runs together: one row, for `statisticsOfRows`. */
export function overallColumns(words: AggregateWords) {
  return named({
    ...commonColumns(words),
    inferred: countWhere(sql`r.status_source = 'inferred'`),
    inferred_success: countWhere(sql`r.status_source = 'inferred' AND r.status = 'SUCCESS'`),
    ...Object.fromEntries(RUN_STATUSES.map((status) => [status, countWhere(isStatus(status))])),
    with_cost: sql`count(r.cost_micro_usd)`,
    total_cost: words.total('cost_micro_usd'),
    with_usage: countWhere(words.isTrue('has_usage')),
    input: words.total('input_tokens'),
    cache_read: words.total('cache_read_tokens'),
    cache_write_5m: words.total('cache_write_5m_tokens'),
    cache_write_1h: words.total('cache_write_1h_tokens'),
    output: words.total('output_tokens'),
    reasoning: words.total('reasoning_tokens'),
  });
}

/** The figures of one repository, for `statisticsOfRows`. */
export function repositoryColumns(words: AggregateWords) {
  return named({
    ...commonColumns(words),
    SUCCESS: countWhere(isStatus('SUCCESS')),
    last_run_at: sql`max(r.started_at)`,
  });
}

/** The statistics of these figures. */
export function statisticsOfRows(overall: SqlRow, repositories: readonly SqlRow[]): RunStatistics {
  const figure = figuresOf(overall);
  const totalRuns = figure('total_runs');
  const recorded = totalRuns - figure('inferred');
  const recordedSuccess = figure('SUCCESS') - figure('inferred_success');
  const byStatus = Object.fromEntries(RUN_STATUSES.map((status) => [status, figure(status)]));
  return {
    totalRuns,
    retiredRuns: 0,
    byStatus: byStatus as Record<RunStatus, number>,
    inferredStatus: figure('inferred'),
    ...durationsOf(overall),
    successRate: ratio(figure('SUCCESS'), totalRuns),
    recordedSuccessRate: ratio(recordedSuccess, recorded),
    approximate: [],
    usage: figure('with_usage') === 0 ? null : usageOf(figure),
    runsWithoutUsage: totalRuns - figure('with_usage'),
    costUsd: figure('with_cost') === 0 ? null : figure('total_cost') / 1e6,
    runsWithoutCost: totalRuns - figure('with_cost'),
    byRepository: repositories.map(repositoryOfRow).sort(compareRepositories),
  };
}

function repositoryOfRow(row: SqlRow): RepositoryStatistics {
  const figure = figuresOf(row);
  return {
    repository: readText(row.repository) ?? '',
    totalRuns: figure('total_runs'),
    ...durationsOf(row),
    successRate: figure('SUCCESS') / figure('total_runs'),
    lastRunAt: readTime(row.last_run_at) ?? '',
  };
}

function durationsOf(row: SqlRow) {
  const figure = figuresOf(row);
  return {
    averageDuration: ratio(figure('total_duration'), figure('with_duration')),
    p95Duration: readNumber(row.p95_duration) ?? null,
  };
}

function usageOf(figure: (column: string) => number) {
  const reasoningTokens = figure('reasoning');
  return {
    inputTokens: figure('input'),
    cacheReadTokens: figure('cache_read'),
    cacheWriteTokens: figure('cache_write_5m') + figure('cache_write_1h'),
    outputTokens: figure('output') + reasoningTokens,
    reasoningTokens,
  };
}

function figuresOf(row: SqlRow): (column: string) => number {
  return (column) => readNumber(row[column]) ?? 0;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function commonColumns({ p95, total }: AggregateWords) {
  return {
    total_runs: sql`count(*)`,
    with_duration: sql`count(r.duration)`,
    total_duration: total('duration'),
    p95_duration: p95,
  };
}

function countWhere(condition: RawBuilder<unknown>) {
  return sql`count(*) FILTER (WHERE ${condition})`;
}

function isStatus(status: RunStatus) {
  return sql`r.status = ${sql.lit(status)}`;
}

function named(columns: Readonly<Record<string, RawBuilder<unknown>>>) {
  return Object.entries(columns).map(([name, column]) => column.as(name));
}
