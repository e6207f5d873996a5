import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openRunStore } from '../../open-repository.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { backupSource } from '../../services/backup/backup-source.ts';
import { fullScratch } from '../../services/backup/scratch-folder.ts';
import { BACKUPS } from '../backup-place.ts';
import { copyWithProgress } from '../copy-with-progress.ts';
import { EXIT } from '../exit-codes.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { checkBackup, openWhole } from '../open-backup.ts';
import { age } from '../option-values.ts';
import { type DrillReport, formatDrill } from '../output/drill-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { passedOverAsJson, warnOfPassedOver } from '../output/warning.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { addConfigOption, storeNamed, using } from '../store-access.ts';
import { refuseMemory } from '../two-stores.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption {
  from: string;
  to?: string;
  maxAge?: number;
  config?: string;
}

/** Where runs are restored to for a try. */
interface Scratch {
  /** Of the folder; null for a store that was named. */
  path: string | null;
  open(): Promise<RunStore>;
  remove(): Promise<void>;
}

/** `runledger drill` */
export function defineDrill(command: Command): void {
  command
    .description(
      `Restore the newest backup of a folder into a store that is thrown away, compare
every run, and say how long it took and how old the newest moment is that comes
back. For a scheduler: ends with 0 where all is well, with 4 where a run is not
what it was, and with 1 where the newest cannot be restored or is too old.`,
    )
    .option('--from <file>', 'the folder of the backups, or one of them', BACKUPS)
    .option('--max-age <age>', 'how old the newest moment may be: 90m, 26h, 7d', age)
    .option(
      '--to <store>',
      'an empty store to restore into, which stays (default:\na database in the folder for temporary files, which goes)',
    );
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['drill', 'can those in ./backups be restored, and up to when?'],
    ['drill --from /mnt/backups --max-age 26h --json', 'for a scheduler, after a nightly backup'],
  ]).action((options: Options) => drill(options));
}

async function drill({ from, to, maxAge, config, json }: Options): Promise<void> {
  const began = performance.now();
  const signal = interruptSignal('the backup was not tried to its end');
  const target = to === undefined ? null : await storeNamed(to, '--to', config);
  if (target !== null) refuseMemory(target);
  const { chain, passedOver } = await checkBackup(signal, (access) =>
    openWhole(resolve(from), undefined, access),
  );
  await warnOfPassedOver(passedOver);
  const scratch: Scratch =
    target === null
      ? await scratchStore()
      : { path: null, open: () => openRunStore(target, { setUp: true }), remove: async () => {} };
  try {
    const source = backupSource(chain, { newScratch: scratchFolder });
    const copied = await using(await scratch.open(), async (store) => {
      if (target !== null) await refuseFull(store, nameOfStore(target));
      return await copyWithProgress(source, store, {}, signal);
    });
    const newest = chain.at(-1);
    const recoverableUntil = newest?.manifest.takenAt ?? '';
    const ageMs = Date.now() - Date.parse(recoverableUntil);
    const report: DrillReport = {
      from: newest?.path ?? from,
      passedOver: passedOverAsJson(passedOver),
      bases: chain.slice(0, -1).map(({ name }) => name),
      to: target === null ? null : nameOfStore(target),
      recoverableUntil,
      age: ageMs,
      maxAge: maxAge ?? null,
      isAhead: ageMs < 0,
      isTooOld: maxAge !== undefined && ageMs > maxAge,
      duration: Math.round(performance.now() - began),
      ...copied,
    };
    process.exitCode = exitCodeOf(report);
    if (json) await writeJson({ ...report });
    else await writeOut(formatDrill(report, terminalWidth()));
  } catch (error) {
    throw scratch.path === null ? error : fullScratch(scratch.path, error);
  } finally {
    await scratch.remove();
  }
}

async function scratchStore(): Promise<Scratch> {
  const folder = await scratchFolder();
  const open = () => folder.openDatabase(join(folder.path, 'runs.db'));
  return { path: folder.path, open, remove: folder.remove };
}

/** Runs that were there before would be taken for runs that came back. */
async function refuseFull(store: RunStore, name: string): Promise<void> {
  const { totalRuns } = await store.statistics({});
  const past = await store.changes(null, 1);
  if (totalRuns === 0 && past.length === 0) return;
  throw new UsageError(`${name} is not empty.`, 'Name a store that is not there yet.');
}

function exitCodeOf({ differences, isTooOld, isAhead, passedOver }: DrillReport): number {
  if (differences.length > 0) return EXIT.differences;
  return isTooOld || isAhead || passedOver.length > 0 ? EXIT.failed : EXIT.done;
}
