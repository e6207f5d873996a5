import { stat } from 'node:fs/promises';
import type { BackupAccess } from '../services/backup/backup-file.ts';
import { backupFor } from '../services/backup/backup-folder.ts';
import { withProgress } from './output/progress.ts';
import { scratchFolder } from './scratch-folder.ts';

/**
 * The path of a backup: the one that is named, or of a folder of them the newest, or the first that was
 * taken at a time (ISO 8601) or later.
 */
export async function pathOfBackup(file: string, at?: string): Promise<string> {
  const isFolder = (await stat(file).catch(() => null))?.isDirectory();
  return isFolder ? (await backupFor(file, at)).path : file;
}

/** Reads a backup, and shows how far that is. */
export function checkBackup<T>(
  signal: AbortSignal,
  read: (access: BackupAccess) => Promise<T>,
  label = 'Checking',
): Promise<T> {
  return withProgress((progress) =>
    read({
      newScratch: scratchFolder,
      signal,
      onProgress: (done, total) => progress.update(label, done, total),
    }),
  );
}
