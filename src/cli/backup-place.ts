import { stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { StoreConfiguration } from '../config/store-configuration.ts';
import { readStoreTarget } from '../config/store-target.ts';
import type { RunStore } from '../repository/run-store.ts';
import { checkSeals } from '../services/backup/backup-chain.ts';
import { type BackupFile, openBackup } from '../services/backup/backup-file.ts';
import type { UnusableBackup } from '../services/backup/backup-folder.ts';
import type { BackupFormatName } from '../services/backup/backup-manifest.ts';
import { backupName, formatOfName } from '../services/backup/backup-name.ts';
import { chooseBase } from '../services/backup/choose-backup.ts';
import { isInside } from './is-inside.ts';
import { realPathOf } from './real-path.ts';
import { UsageError } from './usage-error.ts';

/** Where a backup goes, and in which form. */
export interface BackupPlace {
  /** Null for standard output. */
  path: string | null;
  /** Of the file; null for standard output. */
  folder: string | null;
  format: BackupFormatName;
}

/** Where backups are looked for, and made, where nothing is said. */
export const BACKUPS = './backups';

const STANDARD_OUTPUT = '-';

/**
 * What `--out` and `--format` come to: a name in a folder, which need not be there yet; a file, by its
 * ending; or standard output. Rejects with `UsageError` where one contradicts the other.
 */
export async function placeOfBackup(
  out: string,
  format: BackupFormatName | undefined,
): Promise<BackupPlace> {
  if (out === STANDARD_OUTPUT) return { path: null, folder: null, format: format ?? 'ndjson' };
  const path = resolve(out);
  const there = await stat(path).catch(() => null);
  const named = there?.isDirectory() ? null : formatOfName(out);
  if (named === null && there !== null && !there.isDirectory()) {
    throw new UsageError(
      `${path} is a file.`,
      'Name a folder, or a new file that ends in .ndjson.zst, .json or .db.',
    );
  }
  if (named === null && there === null && hasEnding(out)) {
    throw new UsageError(
      `${path} ends like a file, but not like a backup.`,
      'A file ends in .ndjson.zst, .json or .db. For a new folder of this name put / behind it.',
    );
  }
  if (named === null) {
    const inside = join(path, backupName(format ?? 'ndjson', Date.now()));
    return { path: inside, folder: path, format: format ?? 'ndjson' };
  }
  if (format !== undefined && format !== named) {
    throw new UsageError(`${out} has the name of a backup in the format ${named}, not ${format}.`);
  }
  return { path, folder: dirname(path), format: named };
}

/** `runs.txt` is meant as a file; `runs.txt/`, `.backups`, `2026.10` and `..` are folders. */
function hasEnding(out: string): boolean {
  return !/[\\/]$/.test(out) && /^\.[a-z]/i.test(extname(out));
}

/** A backup among the run files of a store would count as a run of it. */
export function refuseInStore({ folder }: BackupPlace, store: StoreConfiguration): void {
  const target = readStoreTarget(store);
  if (folder === null || target.kind !== 'file') return;
  if (!isInside(realPathOf(folder), realPathOf(target.path))) return;
  throw new UsageError(
    `${folder} lies in the folder that is backed up.`,
    'Name a place beside it: in there the backup would count as a run.',
  );
}

/** What an increment builds on; null for a full backup. */
interface FoundBase {
  base: BackupFile | null;
  /** Newer ones that are not whole. */
  passedOver: UnusableBackup[];
}

/**
 * The backup that `--since` names, whole; null for a full one, which it also is where there is no latest. It
 * must lie in the same folder, where the increment will look for it.
 */
export async function baseOfBackup(
  store: RunStore,
  { folder }: BackupPlace,
  since: string | undefined,
  signal: AbortSignal,
): Promise<FoundBase> {
  const none = { base: null, passedOver: [] };
  if (since === undefined) return none;
  if (since === 'latest') {
    if (folder === null) throw new UsageError('--since latest needs a folder to look in.');
    const isThere = (await stat(folder).catch(() => null))?.isDirectory();
    return isThere ? await chooseBase(folder, await store.position(), { signal }) : none;
  }
  const base = await openBackup(resolve(since));
  if (folder !== null) refuseApart(base, folder);
  await checkSeals([base], { signal });
  return { base, passedOver: [] };
}

function refuseApart(base: BackupFile, folder: string): void {
  if (realPathOf(dirname(base.path)) === realPathOf(folder)) return;
  throw new UsageError(
    `${base.path} lies in another folder than the increment.`,
    'An increment is found again by what lies beside it: put both into one folder.',
  );
}
