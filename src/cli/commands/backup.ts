import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { readSchema } from '../../open-repository.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import {
  type BackupAccess,
  type BackupFile,
  openBackup,
} from '../../services/backup/backup-file.ts';
import {
  type BackupFolder,
  listBackups,
  otherStoresIn,
  type UnusableBackup,
} from '../../services/backup/backup-folder.ts';
import type { BackupFormatName } from '../../services/backup/backup-manifest.ts';
import { unwritablePlace } from '../../services/backup/place-failure.ts';
import { thinBackups } from '../../services/backup/thin-backups.ts';
import { verifyBackup } from '../../services/backup/verify-backup.ts';
import { writeBackup } from '../../services/backup/write-backup.ts';
import {
  BACKUPS,
  type BackupPlace,
  baseOfBackup,
  placeOfBackup,
  refuseInStore,
} from '../backup-place.ts';
import { addExamples } from '../help-examples.ts';
import { interruptSignal } from '../interrupts.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { nameOfStore } from '../name-of-store.ts';
import { CHECKING } from '../open-backup.ts';
import { wholeNumber } from '../option-values.ts';
import { formatBackup } from '../output/backup-text.ts';
import { writeJson } from '../output/json-document.ts';
import { writeNewFile } from '../output/new-file.ts';
import { withProgress } from '../output/progress.ts';
import { isClosedPipe, writeOut } from '../output/stdout.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { passedOverAsJson, warnOfPassedOver, writeWarning } from '../output/warning.ts';
import { packageVersion } from '../package-files.ts';
import { removeLeftovers } from '../remove-leftovers.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { addStoreOption, type StoreOption, withStore } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends JsonOption, StoreOption {
  out: string;
  format?: BackupFormatName;
  since?: string;
  keep?: number;
}

/** What is done, for people. */
const WRITING = { runs: 'Backing up runs', changes: 'Backing up changes' } as const;
const MOST_KEPT = 100_000;

/** `runledger backup` */
export function defineBackup(command: Command): void {
  command
    .description(
      `Write all runs of a store, with the changes that its ledger holds, into one
file: what was there at one moment, while others go on writing. The file is read
back and verified before it gets its name.`,
    )
    .option(
      '--out <file>',
      'a folder, in which it gets a name; a file; or - for standard output, which is not read back',
      BACKUPS,
    )
    .addOption(
      new Option(
        '--format <format>',
        'lines of JSON, one document, or a database; ndjson unless the name says another',
      ).choices(['ndjson', 'json', 'sqlite']),
    )
    .option('--since <file>', 'only what changed since that backup; latest: since the newest there')
    .option(
      '--keep <number>',
      'then remove older ones of this store there, but for so many, those that you named, and what these build on',
      wholeNumber(1, MOST_KEPT),
    );
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['backup', 'the configured store into ./backups'],
    ['backup --out /mnt/backups --since latest --keep 14', 'what changed since the last one there'],
    ['backup --store file --format json --out runs.json', 'one document that anyone can read'],
  ]).action((options: Options) => backup(options));
}

async function backup(options: Options): Promise<void> {
  const place = await placeOfBackup(options.out, options.format);
  if (place.path === null && options.json) {
    throw new UsageError('--json needs a file: standard output takes the backup.');
  }
  if (place.path === null && options.keep !== undefined) {
    throw new UsageError('--keep needs a folder: there are no older ones on standard output.');
  }
  refuseInStore(place, options.store);
  const { made, passedOver } = await withStore(options, 'read', (store) =>
    make(store, place, options),
  );
  if (made === null) return;
  const folder = dirname(made.path);
  const beside = await listBackups(folder);
  const { removed, left } = await thin(beside, made, options.keep);
  // The backup is made: what is wrong with another one is told, and no failure of this.
  const others = new Map([...passedOver, ...left].map((one) => [one.name, one]));
  await warnOfPassedOver([...others.values()]);
  const strangers = otherStoresIn(beside, made);
  if (strangers.length > 0) {
    await writeWarning(
      `${folder} also has backups of other stores (${strangers.join(', ')}): of such a folder restore and drill choose none. Give each store a folder.`,
    );
  }
  const store = nameOfStore(options.store);
  if (!options.json) {
    return await writeOut(formatBackup(made, { store, removed }, terminalWidth()));
  }
  const { path, bytes, sha256, manifest } = made;
  await writeJson({
    store,
    backup: path,
    bytes,
    sha256,
    removed,
    passedOver: passedOverAsJson([...others.values()]),
    manifest,
  });
}

async function thin(
  beside: BackupFolder,
  made: BackupFile,
  keep: number | undefined,
): ReturnType<typeof thinBackups> {
  return keep === undefined ? { removed: [], left: [] } : await thinBackups(beside, made, keep);
}

/** What came of it. */
interface Made {
  /** Null where it went to standard output. */
  made: BackupFile | null;
  passedOver: UnusableBackup[];
}

async function make(store: RunStore, place: BackupPlace, options: Options): Promise<Made> {
  const { path, folder, format } = place;
  const signal = interruptSignal(
    path === null ? 'what was written is not all' : `${path} was not written`,
  );
  const { base, passedOver } = await baseOfBackup(store, place, options.since, signal);
  const schema = await newestMigration(options.store);
  const program = `runledger ${packageVersion()}`;
  const made = await withProgress(async (progress) => {
    const write = (append: (bytes: Uint8Array) => Promise<void>) =>
      writeBackup(store, append, {
        format,
        base: base && {
          ...{ name: base.name, sha256: base.sha256 },
          ...{ position: base.manifest.position, filesUntil: base.manifest.filesUntil },
        },
        program,
        schema,
        newScratch: scratchFolder,
        signal,
        onProgress: (what, done, total) => progress.update(WRITING[what], done, total),
      });
    if (path === null || folder === null) {
      await write(writeWhole);
      return null;
    }
    // The store is there, so it is no mistake that made this folder.
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw unwritablePlace(folder, error);
    });
    passedOver.push(...(await removeLeftovers(folder)));
    const check = async (written: string) => {
      const access: BackupAccess = {
        newScratch: scratchFolder,
        signal,
        onProgress: (what, done, total) => progress.update(CHECKING[what], done, total),
      };
      const { problems } = await verifyBackup(written, access, { alone: true });
      if (problems[0] !== undefined) throw notAsWritten(path, problems[0].reason);
    };
    await writeNewFile(path, { replace: false, orElse: 'Name another.', check }, async (append) => {
      await write(append);
    });
    return await openBackup(path);
  });
  return { made, passedOver };
}

/** What is only the end of a list for others is a backup that is not whole, whoever read it. */
async function writeWhole(bytes: Uint8Array): Promise<void> {
  try {
    await writeOut(bytes);
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
    throw new RunledgerError(
      'STORE_FAILED',
      'Standard output was closed before all of the backup was written.',
      { cause: error, hint: 'Look why its reader ended, and throw away what that wrote.' },
    );
  }
}

/** The name of the newest schema migration; null for a store without a schema. */
async function newestMigration(store: StoreConfiguration): Promise<string | null> {
  if (store.type !== 'sqlite' && store.type !== 'postgres') return null;
  const migrations = await readSchema(store);
  return migrations.findLast(({ appliedAt }) => appliedAt !== null)?.name ?? null;
}

function notAsWritten(path: string, reason: string): RunledgerError {
  return new RunledgerError('CORRUPT', `What was read back is not what was written: ${reason}`, {
    hint: `${path} was not made. The disk may be failing: try another.`,
  });
}
