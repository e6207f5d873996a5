import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunSource } from '../../repository/run-source.ts';
import type { UnusableBackup } from '../../services/backup/backup-folder.ts';
import { backupSource } from '../../services/backup/backup-source.ts';
import { salvageSource } from '../../services/backup/salvage-source.ts';
import { BACKUPS } from '../backup-place.ts';
import {
  copyWithProgress,
  exitCodeOfCopy,
  type VerifyOption,
  verifyOption,
} from '../copy-with-progress.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { checkBackup, openWhole, pathOfBackup } from '../open-backup.ts';
import { moment } from '../option-values.ts';
import { formatCopy } from '../output/copy-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { passedOverAsJson, warnOfPassedOver } from '../output/warning.ts';
import { addConfigOption, openStore, storeNamed, using } from '../store-access.ts';
import { refuseMemory } from '../two-stores.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, VerifyOption {
  to: string;
  at?: string;
  salvage?: true;
  config?: string;
}

/** `runledger restore` */
export function defineRestore(command: Command): void {
  command
    .description(
      `Put what a backup holds into a store of any kind, which is made if it is not
there. Of a folder of backups the newest that is whole is taken, or with --at
the first that was taken later; an increment with those that it builds on. Into
a store that is not empty, runs go by the rules of migrate.`,
    )
    .argument('[file]', 'the backup, or a folder of them', BACKUPS)
    .requiredOption('--to <store>', 'where the runs go: file, sqlite or a URL')
    .option('--at <time>', 'what was there at this time: 24h, 7d, 2026-10-05T19:24:17Z', moment)
    .option('--salvage', 'take what is whole of a damaged backup, and list the rest')
    .addOption(verifyOption());
  addConfigOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['restore --to sqlite:./restored.db', 'the newest in ./backups'],
    ['restore /mnt/backups --to sqlite:./then.db --at 2026-10-05T19:24:17Z', 'that moment'],
  ]).action((file: string, options: Options) => restore(file, options));
}

async function restore(file: string, options: Options): Promise<void> {
  const { to, at, config, verify, json } = options;
  if (options.salvage && at !== undefined) {
    throw new UsageError('--salvage takes what is there, and cannot go back: leave --at out.');
  }
  const target = await storeNamed(to, '--to', config);
  refuseMemory(target);
  // The backup first: a target must not come into being for one that cannot be restored.
  const { path, source, passedOver } = await openSource(resolve(file), options);
  await warnOfPassedOver(passedOver);
  const report = await using(await openStore(target, 'fill'), (store) =>
    copyWithProgress(source, store, { verify }),
  );
  process.exitCode = exitCodeOfCopy(report);
  const toName = nameOfStore(target);
  const others = passedOverAsJson(passedOver);
  if (json) {
    await writeJson({ from: path, passedOver: others, to: toName, at: at ?? null, ...report });
  } else await writeOut(formatCopy(report, path, toName, terminalWidth()));
}

/** A backup that is to be restored. */
interface Opened {
  path: string;
  source: RunSource;
  passedOver: UnusableBackup[];
}

async function openSource(file: string, { at, salvage }: Options): Promise<Opened> {
  return await checkBackup(interruptSignal('nothing was restored'), async (access) => {
    if (salvage) {
      const path = await pathOfBackup(file);
      return { path, source: await salvageSource(path, access), passedOver: [] };
    }
    const { chain, passedOver } = await openWhole(file, at, access);
    const source = backupSource(chain, { at, newScratch: access.newScratch });
    // A target must not come into being for a time that the backup does not reach either.
    await source.settle();
    return { path: chain.at(-1)?.path ?? file, source, passedOver };
  });
}
