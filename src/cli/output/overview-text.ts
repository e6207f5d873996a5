import type { RunSummary } from '../../domain/run.ts';
import type { Overview } from '../commands/start.ts';
import { callOf } from '../how-to-call.ts';
import { formatSetAside } from './copy-text.ts';
import { countOf } from './figures.ts';
import { formatRunTable, outcomeRow } from './run-table.ts';
import { formatStatistics } from './statistics-text.ts';
import { paint } from './style.ts';

/** What a store holds and how to go on, as a page of text. */
export function formatOverview(overview: Overview, now: number, width: number): string {
  const { store, created, statistics, latestFailures, takenIn } = overview;
  const failures = formatRunTable(latestFailures.map(outcomeRow), now, width);
  return [
    `${created ? 'Made' : 'Opened'} ${store}\n${takenInText(overview)}\n`,
    takenIn && formatSetAside(takenIn.setAside, width),
    statistics.totalRuns > 0 && formatStatistics(statistics, now, width),
    latestFailures.length > 0 && `${paint('bold', 'Latest failures')}\n${failures}`,
    `${paint('bold', 'Next')}\n${nextCommands(overview)
      .map((line) => `  ${line}\n`)
      .join('')}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function takenInText({ source, isExample, takenIn, statistics }: Overview): string {
  if (takenIn === null) {
    return `Nothing was taken in: there are no run files in ./logs/claude-runs,\nand the store holds ${countOf(statistics.totalRuns, 'run')} already.`;
  }
  const { written, unchanged, verified, differences } = takenIn;
  const from = isExample ? 'the examples that come with the program' : source;
  const differ =
    differences.length > 0
      ? `\n${countOf(differences.length, 'run')} differ from the store and were left: ${differences.join(', ')}`
      : '';
  if (written === 0) {
    return `Nothing new in ${from}:\n${countOf(unchanged, 'run')} are here already, and nothing was taken in twice.${differ}`;
  }
  const rest = unchanged > 0 ? `; ${countOf(unchanged, 'run')} were here already` : '';
  return `Took ${countOf(written, 'run')} in from ${from}${rest}.\nAll ${verified} were read back and are equal.${differ}`;
}

/** Words that a search finds: of the newest failure, where there is one. */
function wordsOf(failure: RunSummary | undefined): string {
  const words = failure?.errorMessage?.match(/[A-Za-z]{4,}/g)?.slice(0, 2) ?? ['commit'];
  return words.join(' ');
}

/** Three commands that lead on, spelled so that they work where the user stands. */
function nextCommands({ statistics, latestFailures }: Overview): string[] {
  const [failure] = latestFailures;
  if (statistics.totalRuns === 0) {
    return [callOf('record --help'), callOf('record -- echo hello'), callOf('list')];
  }
  return [
    failure ? callOf(`show ${failure.id}`) : callOf('list --limit 50'),
    callOf(`search ${wordsOf(failure)}`),
    callOf('stats --since 30d'),
  ];
}
