import type { StoredRun } from '../../domain/run.ts';
import { costUsdOf } from './cost-usd.ts';
import {
  countOf,
  formatAgo,
  formatCount,
  formatDuration,
  formatTime,
  formatUsd,
  UNKNOWN,
} from './figures.ts';
import { formatLabels, type LabelledText } from './labels.ts';
import { oneLine, printable } from './printable.ts';
import { formatSteps } from './step-table.ts';
import { paint, statusStyle } from './style.ts';
import { formatRunTokens } from './usage-text.ts';

/** Lines of a text that are shown where `--full` is not given. */
const SHOWN_LINES = 15;

/** How a run is shown. */
export interface RunTextOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** The columns that the fields may take. */
  width: number;
  /** Show every text whole, and the ones that are left out otherwise. */
  isFull: boolean;
}

/** A run as a page of text. */
export function formatRun(run: StoredRun, options: RunTextOptions): string {
  const { input, output, error } = run;
  const { isFull } = options;
  return [
    head(run, options),
    error && section(`Error ${oneLine(error.code)}`, error.message, isFull),
    error?.stackTrace && section('Stack', error.stackTrace, isFull),
    section('Prompt', input.prompt, isFull),
    output && output.message !== '' && section('Message', output.message, isFull),
    output?.reasoning && section('Reasoning', output.reasoning, isFull),
    isFull && output?.rawResponse && section('Raw response', output.rawResponse, true),
    input.recentCommits.length > 0 &&
      section('Recent commits', input.recentCommits.join('\n'), isFull),
    input.diff !== '' && section('Diff', input.diff, isFull),
    run.metadata && section('Metadata', JSON.stringify(run.metadata, null, 2), isFull),
    run.steps && formatSteps(run.steps, isFull, options.width),
  ]
    .filter(Boolean)
    .join('\n');
}

function head(run: StoredRun, { now, width }: RunTextOptions): string {
  const { input, output, error } = run;
  const inferred = run.statusSource === 'inferred' ? ' (inferred)' : '';
  const fields: LabelledText[] = [
    ['Run', run.id],
    ['Status', paint(statusStyle(run.status), run.status) + inferred],
    ['Repository', oneLine(run.repository)],
    ['Branch', run.branch && oneLine(run.branch)],
    ['Folder', run.workingDirectory && oneLine(run.workingDirectory)],
    ['Agent', run.agent && oneLine(run.agent)],
    ['Model', input.model !== null && oneLine(input.model)],
    ['Temperature', input.temperature !== null && String(input.temperature)],
    ['Session', run.sessionId && oneLine(run.sessionId)],
    ['Started', startText(run.startedAt, now)],
    ['Ended', run.completedAt && formatTime(run.completedAt)],
    ['Took', formatDuration(run.duration)],
    ['Tokens', formatRunTokens(run.usage, output?.tokensUsed)],
    ['Cost', formatUsd(costUsdOf(run))],
    ['Confidence', output && output.confidence !== null && String(output.confidence)],
    ['Tags', run.tags && run.tags.length > 0 && oneLine(run.tags.join(', '))],
    ['Retry of', run.parentRunId && `${run.parentRunId} (attempt ${run.retryCount + 1})`],
    ['Called by', run.callerRunId],
    ['Recoverable', error && (error.recoverable ? 'yes' : 'no')],
    ['Source', run.source && oneLine(run.source.location ?? run.source.key)],
    ['Version', formatCount(run.version)],
  ];
  return formatLabels(
    fields.filter(([, value]) => value !== UNKNOWN),
    width,
  );
}

/** The time, and how long ago that was; for what is long ago that would be the date again. */
function startText(startedAt: string, now: number): string {
  const time = formatTime(startedAt);
  const ago = formatAgo(startedAt, now);
  return time.startsWith(ago) ? time : `${time}, ${ago}`;
}

function section(title: string, text: string, isFull: boolean): string {
  const lines = printable(text).replace(/\n+$/, '').split('\n');
  const shown = isFull ? lines : lines.slice(0, SHOWN_LINES);
  const left = lines.length - shown.length;
  const more = left > 0 ? paint('dim', `  … ${countOf(left, 'more line')}: --full\n`) : '';
  return `${paint('bold', title)}\n${shown.map((line) => `  ${line}`.trimEnd()).join('\n')}\n${more}`;
}
