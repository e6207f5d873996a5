import type { Command } from 'commander';
import type { RunStore } from '../../repository/run-store.ts';
import type { Moment } from '../../services/recovery/later-changes.ts';
import { type RewindReport, type RewoundRun, rewind } from '../../services/recovery/rewind.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { moment } from '../option-values.ts';
import { countOf, formatTime } from '../output/figures.ts';
import { writeJson } from '../output/json-document.ts';
import { withProgress } from '../output/progress.ts';
import { writeOut } from '../output/stdout.ts';
import { paint } from '../output/style.ts';
import { addStoreOption, type StoreOption, withStore } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, StoreOption {
  to?: string;
  atChange?: string;
  dryRun?: true;
  yes?: true;
}

const WHAT: Readonly<Record<RewoundRun['what'], string>> = {
  restored: 'comes back',
  changed: 'changed back',
  removed: 'goes',
};

/** `runledger rewind` */
export function defineRewind(command: Command): void {
  command
    .description(
      `Make every run what it was at a moment: runs that came later go, deleted ones
come back, changed ones are changed back. It is one transaction of ordinary
changes, so a rewind can be rewound. Asks before it changes anything.`,
    )
    .option('--to <time>', 'what was there at this time: 24h, 7d, 2026-10-05T19:24:17Z', moment)
    .option('--at-change <position>', 'what was there right after the change at this position')
    .option('--dry-run', 'only tell which runs would change')
    .option('--yes', 'do not ask');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['rewind --to 2h --dry-run', 'which runs are not as they were two hours ago'],
    ['rewind --to 2026-10-05T19:24:17Z', 'back to that moment'],
  ]).action((options: Options) => goBack(options));
}

async function goBack(options: Options): Promise<void> {
  const wanted = momentOf(options);
  const { json, dryRun, yes } = options;
  const { report, isDone } = await withStore(options, dryRun ? 'read' : 'change', async (store) => {
    const planned = yes ? null : await rewindWithProgress(store, wanted, true);
    if (planned !== null && (dryRun || planned.runs.length === 0 || !(await isWanted(planned)))) {
      return { report: planned, isDone: false };
    }
    return { report: await rewindWithProgress(store, wanted, false), isDone: true };
  });
  const isRefused = !isDone && !dryRun && report.runs.length > 0;
  if (isRefused) process.exitCode = EXIT.failed;
  if (json) await writeJson({ dryRun: dryRun === true, isDone, ...report });
  else await writeOut(textOf(report, isDone));
}

function momentOf({ to, atChange }: Options): Moment {
  if (to !== undefined && atChange === undefined) {
    if (Date.parse(to) > Date.now()) throw new UsageError(`${to} is still to come.`);
    return { time: to };
  }
  if (atChange !== undefined && to === undefined) return { change: atChange };
  throw new UsageError('Give one of --to and --at-change: the moment to go back to.');
}

function rewindWithProgress(
  store: RunStore,
  wanted: Moment,
  isDryRun: boolean,
): Promise<RewindReport> {
  const signal = interruptSignal('nothing was changed');
  const labels = { ledger: 'Reading the ledger', runs: isDryRun ? 'Comparing' : 'Going back' };
  return withProgress((progress) =>
    rewind(store, wanted, {
      isDryRun,
      signal,
      onProgress: ({ phase, done, total }) => progress.update(labels[phase], done, total),
    }),
  );
}

function isWanted({ runs, changes }: RewindReport): Promise<boolean> {
  const what = `${countOf(changes, 'change')} to ${countOf(runs.length, 'run')}`;
  return confirm(`Undo ${what}?`, `${what} would be undone`);
}

/** So many runs are listed: more would push what they come to off the screen. */
const MOST_LISTED = 50;

function textOf({ backTo, changes, transactions, runs }: RewindReport, isDone: boolean): string {
  if (runs.length === 0) return 'Every run is as it was then.\n';
  const listed = runs.slice(0, MOST_LISTED).map(({ id, what }) => `  ${id}  ${WHAT[what]}\n`);
  const others = runs.length - listed.length;
  const rest = others > 0 ? `  … and ${countOf(others, 'other')}: --json lists all\n` : '';
  const from = backTo === null ? 'before the first change' : formatTime(backTo);
  const undone = `${countOf(changes, 'change')} in ${countOf(transactions, 'transaction')}`;
  const head = isDone
    ? `Went back to ${from}: undid ${undone}.`
    : `To go back to ${from} undoes ${undone}.`;
  return `${paint('bold', head)}\n${listed.join('')}${rest}`;
}
