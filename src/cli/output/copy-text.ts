import type { CopyReport } from '../../services/copy/copy-report.ts';
import { countOf, formatCount } from './figures.ts';
import { formatLabels } from './labels.ts';
import { formatReasons } from './reasons-text.ts';
import { paint } from './style.ts';

/** What a copy did, as a page of text. */
export function formatCopy(report: CopyReport, from: string, to: string, width: number): string {
  const { read, written, unchanged, verified, setAside, differences } = report;
  const equal = `${formatCount(verified)} read back, each equal by its digest`;
  const head = formatLabels(
    [
      ['From', from],
      ['To', to],
      ['Read', countOf(read, 'run')],
      ['Written', formatCount(written)],
      ['Unchanged', formatCount(unchanged)],
      ['Verified', verified > 0 ? equal : 'none'],
    ],
    width,
  );
  return [head, formatSetAside(setAside, width), formatDifferences(differences)]
    .filter((part) => part !== '')
    .join('\n');
}

/** What could not be taken in, each with its reason; empty when there is nothing. */
export function formatSetAside(setAside: CopyReport['setAside'], width: number): string {
  if (setAside.length === 0) return '';
  const title = `Put aside: ${countOf(setAside.length, 'item')}, listed again by the next run.`;
  const note = 'The source is untouched; the store keeps what was found.';
  const items = setAside.map(({ source, reason }) => ({ name: source, reason }));
  return `${paint('yellow', title)}\n${note}\n\n${formatReasons(items, width)}`;
}

/** The runs that are not the same on both sides; empty when there are none. */
export function formatDifferences(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const title = `Different on both sides: ${countOf(ids.length, 'run')}, left as they are in the target.`;
  return `${paint('red', title)}\n${ids.map((id) => `  ${id}\n`).join('')}`;
}
