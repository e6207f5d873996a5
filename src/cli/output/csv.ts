import type { AgentRun } from '../../domain/run.ts';
import { costUsdOf } from './cost-usd.ts';

/** The columns of a CSV export, in order; texts that a table has no use for (diffs, steps) are not in it. */
const COLUMNS: ReadonlyArray<readonly [string, (run: AgentRun) => unknown]> = [
  ['id', (run) => run.id],
  ['repository', (run) => run.repository],
  ['status', (run) => run.status],
  ['startedAt', (run) => run.startedAt],
  ['completedAt', (run) => run.completedAt],
  ['duration', (run) => run.duration],
  ['agent', (run) => run.agent],
  ['sessionId', (run) => run.sessionId],
  ['branch', (run) => run.branch],
  ['tags', (run) => run.tags?.join(' ')],
  ['model', (run) => run.input.model],
  ['prompt', (run) => run.input.prompt],
  ['message', (run) => run.output?.message],
  ['errorCode', (run) => run.error?.code],
  ['errorMessage', (run) => run.error?.message],
  ['tokensUsed', (run) => run.output?.tokensUsed],
  ['costUsd', costUsdOf],
  ['retryCount', (run) => run.retryCount],
  ['parentRunId', (run) => run.parentRunId],
];

const NEEDS_QUOTES = /[",\r\n]/;

/** The first line of a CSV export (RFC 4180), with its line end. */
export function csvHeader(): string {
  return csvLine(COLUMNS.map(([name]) => name));
}

/** A run as a line of CSV, with its line end. Texts are kept as they are; what is unknown is empty. */
export function csvOf(run: AgentRun): string {
  return csvLine(COLUMNS.map(([, read]) => read(run)));
}

function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
