import type { RepositoryStatistics, RunStatistics } from '../../domain/statistics.ts';
import { RUN_STATUSES } from '../../domain/status.ts';
import {
  countOf,
  formatAgo,
  formatCount,
  formatDuration,
  formatRate,
  formatUsd,
} from './figures.ts';
import { formatLabels, TOGETHER } from './labels.ts';
import { paint, statusStyle } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatUsage } from './usage-text.ts';

/** Repositories that a report shows; `--json` holds all. */
const SHOWN_REPOSITORIES = 20;

const COLUMNS: readonly Column[] = [
  { title: 'REPOSITORY', shrinkTo: 12 },
  { title: 'RUNS', align: 'right' },
  { title: 'SUCCESS', align: 'right' },
  { title: 'AVERAGE', align: 'right' },
  { title: 'P95', align: 'right' },
  { title: 'LAST RUN', optional: true },
];

/** The figures of a set of runs as a page of text. */
export function formatStatistics(statistics: RunStatistics, now: number, width: number): string {
  const { byRepository } = statistics;
  const left = byRepository.length - SHOWN_REPOSITORIES;
  const more = left > 0 ? paint('dim', `… ${formatCount(left)} more repositories: --json\n`) : '';
  const rows = byRepository.slice(0, SHOWN_REPOSITORIES).map((own) => repositoryRow(own, now));
  return `${formatTotals(statistics, width)}\n${formatTable(COLUMNS, rows, width)}${more}`;
}

function formatTotals(statistics: RunStatistics, width: number): string {
  const { totalRuns, retiredRuns, byStatus, inferredStatus, usage, runsWithoutUsage } = statistics;
  const retired = retiredRuns > 0 ? ` (${formatCount(retiredRuns)} of them retired)` : '';
  const statuses = RUN_STATUSES.filter((status) => byStatus[status] > 0).map((status) =>
    paint(statusStyle(status), `${formatCount(byStatus[status])}${TOGETHER}${status}`),
  );
  const recorded =
    inferredStatus > 0 ? ` (${formatRate(statistics.recordedSuccessRate)} of the recorded)` : '';
  const estimated =
    statistics.approximate.length > 0 ? ` (about: ${statistics.approximate.join(', ')})` : '';
  const withoutUsage =
    runsWithoutUsage > 0 ? `; unknown for ${countOf(runsWithoutUsage, 'run')}` : '';
  const withoutCost =
    statistics.runsWithoutCost > 0
      ? `; unknown for ${countOf(statistics.runsWithoutCost, 'run')}`
      : '';
  const duration = `${formatDuration(statistics.averageDuration)} on average, 95 % within ${formatDuration(statistics.p95Duration)}`;
  return formatLabels(
    [
      ['Runs', formatCount(totalRuns) + retired],
      ['By status', statuses.join(', ')],
      ['Success rate', formatRate(statistics.successRate) + recorded],
      ['Duration', duration + estimated],
      ['Tokens', usage && formatUsage(usage) + withoutUsage],
      ['Cost', statistics.costUsd === null ? null : formatUsd(statistics.costUsd) + withoutCost],
    ],
    width,
  );
}

function repositoryRow(own: RepositoryStatistics, now: number): string[] {
  return [
    own.repository,
    formatCount(own.totalRuns),
    formatRate(own.successRate),
    formatDuration(own.averageDuration),
    formatDuration(own.p95Duration),
    formatAgo(own.lastRunAt, now),
  ];
}
