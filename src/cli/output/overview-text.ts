import type { RunSummary } from '../../domain/run.ts';
import type { RunStatistics } from '../../domain/statistics.ts';
import type { CopyReport } from '../../services/copy/copy-report.ts';
import { callOnStore } from '../how-to-call.ts';
import { shellQuote } from '../shell-quote.ts';
import { formatSetAside } from './copy-text.ts';
import { countOf } from './figures.ts';
import { formatRunTable, outcomeRow } from './run-table.ts';
import { formatStatistics } from './statistics-text.ts';
import { paint } from './style.ts';

/** What `start` did and found. */
export interface Overview {
  store: string;
  /** The store was made just now. */
  created: boolean;
  /** Where runs were taken from; null where nothing was to be taken in. */
  source: string | null;
  /** The source is the examples that ship with the package. */
  isExample: boolean;
  takenIn: CopyReport | null;
  statistics: RunStatistics;
  latestFailures: RunSummary[];
}

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
    return `Nothing was taken in: no other run files are here,\nand the store holds ${countOf(statistics.totalRuns, 'run')} already.`;
  }
  const { written, unchanged, verified, differences } = takenIn;
  const from = isExample ? 'the examples that come with the program' : source;
  const differ =
    differences.length > 0 ? `\nDifferent from the store, and left: ${differences.join(', ')}` : '';
  if (written === 0) {
    return `Nothing new in ${from}: nothing was taken in twice.\nHere already: ${countOf(unchanged, 'run')}.${differ}`;
  }
  const rest = unchanged > 0 ? `\nHere already: ${countOf(unchanged, 'run')}.` : '';
  return `Took ${countOf(written, 'run')} in from ${from}.${rest}\nRead back and equal: ${countOf(verified, 'run')}.${differ}`;
}

/** Words that a search finds: of the newest failure, where there is one. */
function wordsOf(failure: RunSummary | undefined): string {
  const words = failure?.errorMessage?.match(/[A-Za-z]{4,}/g)?.slice(0, 2) ?? ['commit'];
  return words.join(' ');
}

/** Three commands that lead on, spelled so that they work where the user stands. */
function nextCommands({ statistics, latestFailures }: Overview): string[] {
  const [failure] = latestFailures;
  const [largest] = statistics.byRepository;
  const commands =
    largest === undefined
      ? ['record --help', 'doctor', 'list']
      : [
          failure ? `show ${failure.id}` : 'list --limit 50',
          `search ${wordsOf(failure)}`,
          `stats --repository ${shellQuote(largest.repository)}`,
        ];
  return commands.map(callOnStore);
}
