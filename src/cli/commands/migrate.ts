import { type Command, Option } from 'commander';
import { openRunSource } from '../../open-repository.ts';
import type { ConflictWinner, CopyReport } from '../../services/copy/copy-report.ts';
import {
  copyWithProgress,
  exitCodeOfCopy,
  type VerifyOption,
  verifyOption,
} from '../copy-with-progress.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { followStore } from '../migrate/follow-store.ts';
import { formatPlan, planMigration } from '../migrate/plan-migration.ts';
import { readTwoStores, type TwoStores } from '../migrate/stores.ts';
import { undoCutOver } from '../migrate/undo-cut-over.ts';
import { nameOfStore } from '../name-of-store.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { formatCopy } from '../output/copy-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { addConfigOption, openStore, storeNamed, using } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, VerifyOption {
  from: string;
  to: string;
  config?: string;
  onConflict?: ConflictWinner;
  dryRun?: true;
  follow?: true;
  cutOver?: true;
  writersStopped?: true;
  undoCutOver?: true;
}

/** `runledger migrate` */
export function defineMigrate(command: Command): void {
  command
    .description(
      `Copy all runs from one store to another. The source is not changed, but for a
cut-over, which closes it for changes.

Every run is read back from the target and compared by its digest. What cannot
be read is put aside: the target keeps it with the reason, and the command ends
with 3. After an interruption the same command goes on where it was. Doing it
again copies what is new and nothing twice.

A kind alone is the configured store, where that is of this kind, or the usual
place.`,
    )
    .option('--from <store>', 'where the runs are: file, sqlite or a URL', 'file')
    .option('--to <store>', 'where they go; made if it is not there', 'sqlite')
    .addOption(verifyOption())
    .addOption(
      new Option(
        '--on-conflict <winner>',
        'whose state stays of a run that was changed in\nboth (default: it is told, and the target left)',
      ).choices(['source', 'target']),
    )
    .addOption(
      new Option('--dry-run', 'only tell what would come of it').conflicts(['follow', 'cutOver']),
    )
    .option(
      '--follow',
      'then go on copying each change, until Ctrl-C;\n"kill -USR2 <pid>" cuts over while it follows',
    )
    .option('--cut-over', 'when all is there, close the source for changes')
    .option('--writers-stopped', 'nobody writes run files any more: for --cut-over of a folder')
    .addOption(
      new Option(
        '--undo-cut-over',
        'let the source be changed again, and do nothing else',
      ).conflicts(['follow', 'cutOver', 'dryRun']),
    );
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['migrate --from file --to sqlite', './logs/claude-runs into ./data/claude-runs.db'],
    ['migrate --from sqlite --to file:./kept', 'back to a file for each run'],
    ['migrate --from file --to postgres --dry-run', 'what would come of it'],
    ['migrate --from sqlite --to postgres --cut-over', 'move while others write'],
  ]).action((options: Options) => migrate(options));
}

async function migrate(options: Options): Promise<void> {
  if (options.undoCutOver) return takeBack(options);
  if (options.writersStopped && !options.follow && !options.cutOver) {
    throw new UsageError('--writers-stopped goes with --cut-over, or with --follow.');
  }
  const stores = await readTwoStores(options);
  if (options.dryRun) return plan(stores, options);
  const { json } = options;
  const isFollowed = options.follow || options.cutOver;
  const report: CopyReport & { isMoved?: boolean } = isFollowed
    ? await follow(stores, options)
    : await copy(stores, options);
  const { from, to } = stores;
  process.exitCode = exitCodeOfCopy(report);
  if (options.cutOver && !report.isMoved && process.exitCode === EXIT.done) {
    process.exitCode = EXIT.failed;
  }
  if (json) await writeJson({ from, to, ...report });
  else await writeOut(formatCopy(report, from, to, terminalWidth()));
}

async function copy({ source, target }: TwoStores, options: Options) {
  // The source first: a target must not come into being for a source that is not there.
  return using(
    await openWithProgress((progress) => openRunSource(source, progress)),
    async (runs) =>
      using(await openStore(target, 'fill'), (store) =>
        copyWithProgress(runs, store, wayOf(options)),
      ),
  );
}

async function follow(stores: TwoStores, options: Options) {
  const isFenced = stores.source.type !== 'file' || options.writersStopped === true;
  if (options.cutOver && !isFenced) {
    throw new UsageError(
      'A folder cannot be closed for older programs: they write files without asking.',
      'Stop whoever writes there, and add --writers-stopped.',
    );
  }
  const until = options.cutOver ? 'cut over' : 'stopped';
  const request = { until, canCutOver: isFenced, ...wayOf(options) } as const;
  return using(await openStore(stores.source, 'read'), (runs) =>
    followStore(runs, stores, request),
  );
}

function wayOf({ verify, onConflict }: Options) {
  return { verify, ...(onConflict && { onConflict }) };
}

async function plan(stores: TwoStores, { json, onConflict }: Options): Promise<void> {
  const planned = await planMigration(stores, onConflict);
  process.exitCode = exitCodeOfCopy(planned);
  if (json) await writeJson(planned);
  else await writeOut(formatPlan(planned, terminalWidth()));
}

async function takeBack({ from, config, json }: Options): Promise<void> {
  const source = await storeNamed(from, '--from', config);
  const movedTo = await undoCutOver(source);
  const name = nameOfStore(source);
  if (json) return writeJson({ from: name, movedTo });
  await writeOut(
    movedTo === null
      ? `${name} was not moved: it can be changed.\n`
      : `${name} can be changed again. What was changed in ${movedTo} since is there alone.\n`,
  );
}
