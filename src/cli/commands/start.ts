import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { DEFAULT_PLACES } from '../../config/default-places.ts';
import { readStoreTarget } from '../../config/store-target.ts';
import { openRunSource } from '../../open-repository.ts';
import { guardRepository } from '../../repository/guard/guarded-repository.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { CopyReport } from '../../services/copy/copy-report.ts';
import { copyWithProgress, exitCodeOfCopy } from '../copy-with-progress.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { writeJson } from '../output/json-document.ts';
import { formatOverview, type Overview } from '../output/overview-text.ts';
import { withCostUsd } from '../output/run-table.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { EXAMPLE_RUNS } from '../package-files.ts';
import { addStoreOption, type StoreOption, using, withStore } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, StoreOption {
  from?: string;
}

/** As many as fit below the figures on one screen. */
const SHOWN_FAILURES = 5;

/** `runledger start` */
export function defineStart(command: Command): void {
  command
    .description(
      `Open the store, or make it; take in the run files that lie here; show what it
holds. Without ./logs/claude-runs, a new store gets the few examples that come
with the program. Starting again takes nothing in twice.`,
    )
    .option('--from <folder>', 'take run files from here (default: ./logs/claude-runs)');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['start', 'begin in this folder'],
    ['start --from ~/old/claude-runs', 'begin with run files from elsewhere'],
  ]).action((options: Options) => start(options));
}

async function start(options: Options): Promise<void> {
  const target = readStoreTarget(options.store);
  const lies = target.kind === 'sqlite' || target.kind === 'file';
  const created = !lies || !existsSync(target.path);
  const named = namedSource(options);
  // A store must not come into being for a source that is not there.
  if (named !== null) await (await openRunSource(named)).close();
  const overview = await withStore(options, 'create', (store) =>
    overviewOf(store, options, { named, created }),
  );
  if (overview.takenIn !== null) process.exitCode = exitCodeOfCopy(overview.takenIn);
  if (options.json) {
    const { isExample, latestFailures, ...fields } = overview;
    await writeJson({ ...fields, latestFailures: latestFailures.map(withCostUsd) });
  } else await writeOut(formatOverview(overview, Date.now(), terminalWidth()));
}

async function overviewOf(
  store: RunStore,
  options: Options,
  { named, created }: { named: string | null; created: boolean },
): Promise<Overview> {
  const source = named ?? (await exampleSourceFor(store));
  const takenIn = source === null ? null : await takeIn(store, source);
  const repository = guardRepository(store);
  const { items } = await repository.list({ status: 'FAILED' }, { limit: SHOWN_FAILURES });
  return {
    store: nameOfStore(options.store),
    created,
    source,
    isExample: source === exampleSource(),
    takenIn,
    statistics: await repository.statistics(),
    latestFailures: items,
  };
}

/** The folder that was named, else the usual one if it is there and not the store itself. */
function namedSource({ from, store }: Options): string | null {
  const own = nameOfStore(store);
  if (from !== undefined) {
    const source = nameOfStore(from.startsWith('file:') ? from : `file:${from}`);
    if (source !== own) return source;
    throw new UsageError(`--from is the store itself: ${own}.`, 'Name another folder, or none.');
  }
  const usual = nameOfStore('file');
  return existsSync(DEFAULT_PLACES.file) && usual !== own ? usual : null;
}

/** The examples are for an empty store alone. */
async function exampleSourceFor(store: RunStore): Promise<string | null> {
  const { totalRuns } = await store.statistics({});
  return totalRuns === 0 ? exampleSource() : null;
}

function exampleSource(): string {
  return `file:${EXAMPLE_RUNS}`;
}

async function takeIn(store: RunStore, source: string): Promise<CopyReport> {
  const open = () => openWithProgress((progress) => openRunSource(source, progress));
  return using(await open(), (runs) => copyWithProgress(runs, store));
}
