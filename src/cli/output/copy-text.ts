import type { CopyReport } from '../../services/copy/copy-report.ts';
import { countOf, formatCount } from './figures.ts';
import { formatLabels } from './labels.ts';
import { oneLine } from './printable.ts';
import { formatReasons } from './reasons-text.ts';
import { paint } from './style.ts';

/** What a copy did, as a page of text. */
export function formatCopy(
  report: CopyReport & { isMoved?: boolean },
  from: string,
  to: string,
  width: number,
): string {
  const {
    read,
    written,
    unchanged,
    deleted,
    verified,
    setAside,
    differences,
    conflicts,
    gone,
    files,
  } = report;
  const equal = `${formatCount(verified)} read back, each equal by its digest`;
  const settled = conflicts.filter((id) => !differences.includes(id)).length;
  const head = formatLabels(
    [
      ['From', from],
      ['To', to],
      ['Read', countOf(read, 'run') + (report.isResumed ? ', with those of a copy before' : '')],
      ['Written', formatCount(written)],
      ['Unchanged', formatCount(unchanged)],
      ['Deleted', deleted > 0 && `${formatCount(deleted)}, as in the source`],
      ['Imported', files > 0 && `${countOf(files, 'file')}, with their bytes`],
      ['Conflicts', settled > 0 && `${formatCount(settled)} settled as --on-conflict says`],
      ['Verified', verified > 0 ? equal : 'none'],
      ['Moved', report.isMoved && movedText(differences.length)],
    ],
    width,
  );
  return [
    head,
    formatSetAside(setAside, width),
    formatGone(gone),
    formatDifferences(differences),
    formatFileDifferences(report.fileDifferences),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function movedText(differences: number): string {
  const closed = 'the source can be read, and refuses changes from now on';
  if (differences === 0) return closed;
  return `${closed}, but not all is equal: see below, or take it back with --undo-cut-over`;
}

/** What could not be taken in, each with its reason; empty when there is nothing. */
export function formatSetAside(
  setAside: CopyReport['setAside'],
  width: number,
  isDryRun = false,
): string {
  if (setAside.length === 0) return '';
  const reasons = setAside.map(({ source, reason }) => ({ name: source, reason }));
  return `${titleOfSetAside(setAside.length, isDryRun)}\n${formatReasons(reasons, width)}`;
}

/** What stands above a list of so many things that could not be taken in. */
export function titleOfSetAside(count: number, isDryRun: boolean): string {
  const items = countOf(count, 'item');
  const title = isDryRun
    ? `Would be put aside: ${items}.`
    : `Put aside: ${items}, listed again by the next run.`;
  const note = `The source is untouched; the store ${isDryRun ? 'would keep' : 'keeps'} what was found.`;
  return `${paint('yellow', title)}\n${note}\n`;
}

/** After a folder was swept there may be thousands. */
const MOST_GONE = 20;

/** The runs that are not in the source any more; empty when there are none. */
function formatGone(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const title = `In the target alone: ${countOf(ids.length, 'run')}, copied from this source before.`;
  const note =
    'No ledger says that they were deleted, so they stay. If they are to go: delete <id>';
  const more = ids.length - MOST_GONE;
  const rest = more > 0 ? `  and ${formatCount(more)} more, which --json names\n` : '';
  const named = ids.slice(0, MOST_GONE).map((id) => `  ${id}\n`);
  return `${paint('yellow', title)}\n${note}\n${named.join('')}${rest}`;
}

/** The imported files whose bytes are not what was given; empty when there are none. */
function formatFileDifferences(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const title = `Not as in the source: ${countOf(paths.length, 'imported file')}.`;
  return `${paint('red', title)}\n${paths.map((path) => `  ${oneLine(path)}\n`).join('')}`;
}

/** The runs that are not equal on both sides; empty when there are none. */
export function formatDifferences(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const title = `Different on both sides: ${countOf(ids.length, 'run')}, left as they are in the target.`;
  return `${paint('red', title)}\n${ids.map((id) => `  ${id}\n`).join('')}`;
}
