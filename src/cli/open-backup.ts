import { stat } from 'node:fs/promises';
import { checkSeals, openChain } from '../services/backup/backup-chain.ts';
import type { BackupAccess } from '../services/backup/backup-file.ts';
import { type ChosenBackup, chooseBackup, newestPath } from '../services/backup/choose-backup.ts';
import { withProgress } from './output/progress.ts';
import { scratchFolder } from './scratch-folder.ts';

/**
 * Opens a backup with all that it builds on, and checks the hash of each: the one that is named, or of a
 * folder the newest that is whole, or the first that was taken at a time (ISO 8601) or later.
 */
export async function openWhole(
  file: string,
  at: string | undefined,
  access: BackupAccess,
): Promise<ChosenBackup> {
  if (await isFolder(file)) return await chooseBackup(file, at, access);
  const chain = await openChain(file);
  await checkSeals(chain, access);
  return { chain, passedOver: [] };
}

/** The path of a backup: the one that is named, or of a folder of them the newest, whole or not. */
export async function pathOfBackup(file: string): Promise<string> {
  return (await isFolder(file)) ? await newestPath(file) : file;
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isDirectory() ?? false;
}

/** What is done when a backup is read, for people. */
export const CHECKING = { bytes: 'Checking bytes', runs: 'Verifying runs' } as const;

/** Reads a backup, and shows how far that is. */
export function checkBackup<T>(
  signal: AbortSignal,
  read: (access: BackupAccess) => Promise<T>,
): Promise<T> {
  return withProgress((progress) =>
    read({
      newScratch: scratchFolder,
      signal,
      onProgress: (what, done, total) => progress.update(CHECKING[what], done, total),
    }),
  );
}
