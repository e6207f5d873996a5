import type { RunSummary } from '../../domain/run.ts';
import type { Cell } from './cell.ts';
import { costUsdOf } from './cost-usd.ts';
import { formatAgo, formatDuration } from './figures.ts';
import { statusStyle } from './style.ts';
import { type Column, formatTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'ID' },
  { title: 'STATUS' },
  { title: 'STARTED', optional: true },
  { title: 'TOOK', align: 'right', optional: true },
  { title: 'REPOSITORY', shrinkTo: 8 },
  { title: 'WHAT', detail: true },
];

/** A run and what is said about it beside its figures. */
export interface RunRow {
  run: RunSummary;
  what: Cell;
}

/** Runs as a table that fits so many columns. `now` is in milliseconds since 1970. */
export function formatRunTable(rows: readonly RunRow[], now: number, width: number): string {
  const cells = rows.map(({ run, what }): Cell[] => [
    run.id,
    { text: run.status, style: statusStyle(run.status) },
    formatAgo(run.startedAt, now),
    formatDuration(run.duration),
    run.repository,
    what,
  ]);
  return formatTable(COLUMNS, cells, width);
}

/** A row that says what came out of a run, why it failed, or what it was asked. */
export function outcomeRow(run: RunSummary): RunRow {
  if (run.errorCode === undefined) {
    return { run, what: { text: run.message || run.prompt, style: 'dim' } };
  }
  const { errorCode, errorMessage = '' } = run;
  // Many programs write the code into the message as well.
  const text = errorMessage.startsWith(errorCode) ? errorMessage : `${errorCode}: ${errorMessage}`;
  return { run, what: { text, style: 'red' } };
}

/** The summary of a run as `--json` shows it: the cost in dollars beside it, null where unknown. */
export function withCostUsd<T extends { costMicroUsd?: number }>(
  run: T,
): T & { costUsd: number | null } {
  return { ...run, costUsd: costUsdOf(run) };
}
