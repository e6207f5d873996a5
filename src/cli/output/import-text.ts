import type { ImportReport } from '../../services/import/import-report.ts';
import { formatDifferences, titleOfSetAside } from './copy-text.ts';
import { countOf, formatBytes, formatCount, formatUsd } from './figures.ts';
import { formatLabels } from './labels.ts';
import { oneLine } from './printable.ts';
import { formatReasons } from './reasons-text.ts';
import { paint } from './style.ts';
import { formatUsage } from './usage-text.ts';
import { wrap } from './wrap.ts';

/** So many places are named of each reason; `--json` holds all. */
const MOST_NAMED = 3;

/** What an import did, as a page of text. */
export function formatImport(
  report: ImportReport,
  { agents, to, isDryRun }: { agents: string; to: string; isDryRun: boolean },
  width: number,
): string {
  const { files, filesRead, bytes, runs, sessions, steps, usage, costUsd, verified } = report;
  const unknownCost =
    report.runsWithoutCost > 0 && `unknown for ${countOf(report.runsWithoutCost, 'run')}`;
  const filesText =
    filesRead === 0
      ? 'none of them new or changed'
      : `${formatCount(filesRead)} of them new or changed (${formatBytes(bytes)})`;
  const head = formatLabels(
    [
      ['From', agents],
      ['To', to],
      ['Files', `${formatCount(files)}, ${filesText}`],
      [
        'Runs',
        runs > 0 &&
          `${formatCount(runs)} in ${countOf(sessions, 'session')}, with ${countOf(steps, 'step')}`,
      ],
      [isDryRun ? 'Would write' : 'Written', filesRead > 0 && formatCount(report.written)],
      ['Unchanged', report.unchanged > 0 && formatCount(report.unchanged)],
      [
        'Deleted',
        report.deleted > 0 &&
          `${formatCount(report.deleted)}, which turned out to belong to others`,
      ],
      [
        'Left out',
        report.leftDeleted > 0 &&
          `${formatCount(report.leftDeleted)} that were deleted here since they were imported`,
      ],
      ['Tokens', usage && formatUsage(usage)],
      [
        'Cost',
        costUsd === null ? null : [formatUsd(costUsd), unknownCost].filter(Boolean).join('; '),
      ],
      ['Verified', verified > 0 && `${formatCount(verified)} read back, each equal by its digest`],
    ],
    width,
  );
  return [
    head,
    formatReplaced(report.replaced, width),
    formatSetAsideOf(report, isDryRun, width),
    formatDifferences(report.differences),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function formatReplaced(replaced: ImportReport['replaced'], width: number): string {
  if (replaced.length === 0) return '';
  const title = `Not what they were: ${countOf(replaced.length, 'file')}.`;
  const named = replaced.map(({ path, reason }) => ({ name: path, reason }));
  return `${paint('yellow', title)}\n${formatReasons(named, width)}`;
}

/** By reason, because one kind of line may stand in every file. */
function formatSetAsideOf({ setAside }: ImportReport, isDryRun: boolean, width: number): string {
  if (setAside.length === 0) return '';
  const groups = [...Map.groupBy(setAside, ({ reason }) => reason)].map(([reason, items]) => {
    const lines = wrap(`${oneLine(reason)} (${formatCount(items.length)})`, width - 2);
    const named = items.slice(0, MOST_NAMED).map(({ source }) => `    ${oneLine(source)}\n`);
    const more = items.length - MOST_NAMED;
    const rest = more > 0 ? `    and ${formatCount(more)} more, which --json names\n` : '';
    return `${lines.map((line) => `  ${paint('yellow', line)}\n`).join('')}${named.join('')}${rest}`;
  });
  return `${titleOfSetAside(setAside.length, isDryRun)}\n${groups.join('')}`;
}
