import type { CompareReport } from '../../services/compare/compare-report.ts';
import { countOf, formatCount } from './figures.ts';
import { formatLabels } from './labels.ts';
import { oneLine } from './printable.ts';
import { paint } from './style.ts';

/** What a comparison of two stores found, as a page of text. */
export function formatCompare(
  { compared, equal, differences, setAside, files }: CompareReport,
  first: string,
  second: string,
  width: number,
): string {
  const head = formatLabels(
    [
      ['First', first],
      ['Second', second],
      ['Compared', countOf(compared, 'run')],
      ['Equal', `${formatCount(equal)}, by their digests`],
    ],
    width,
  );
  return [
    head,
    formatDifferences(
      `Different: ${countOf(differences.length, 'run')}.`,
      differences.map(({ id, what }) => ({ name: id, what })),
    ),
    formatDifferences(
      `Put aside otherwise: ${countOf(setAside.length, 'item')}.`,
      setAside.map(({ origin, name, what }) => ({ name: `${origin} ${name}`, what })),
    ),
    formatDifferences(
      `Imported files that differ: ${formatCount(files.length)}.`,
      files.map(({ path, what }) => ({ name: path, what })),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function formatDifferences(
  title: string,
  items: readonly { name: string; what: string }[],
): string {
  if (items.length === 0) return '';
  const lines = items.map(({ name, what }) => `  ${oneLine(name)}  ${what}\n`);
  return `${paint('red', title)}\n${lines.join('')}`;
}
