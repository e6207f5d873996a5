import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunledgerError, type RunledgerError } from '../../repository/errors.ts';
import { type BackupFile, openBackup } from './backup-file.ts';
import { timeOfName } from './backup-name.ts';
import { inOrder } from './backup-order.ts';
import { unreadablePlace } from './place-failure.ts';

/** What lies in a folder of backups. */
export interface BackupFolder {
  /** Those that were taken first first: see `inOrder`. Of each the ends were read. */
  backups: BackupFile[];
  /** The same of what has the name of a backup and cannot be read as one. */
  unreadable: UnusableBackup[];
}

/** A backup that cannot be used. */
export interface UnusableBackup {
  name: string;
  path: string;
  /** ISO 8601; by its name where that is all there is. */
  takenAt: string;
  /** Why. */
  error: RunledgerError;
}

/**
 * Looks at the backups in a folder. One that cannot be read stops nobody from using the others; files
 * with other names than backups are given are passed over where they are none. Rejects with MISSING or
 * STORE_FAILED where the folder cannot be read.
 */
export async function listBackups(folder: string): Promise<BackupFolder> {
  const backups: BackupFile[] = [];
  const unreadable: UnusableBackup[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.isFile()) continue;
    const { name } = entry;
    const path = join(folder, name);
    try {
      backups.push(await openBackup(path));
    } catch (error) {
      if (!isRunledgerError(error)) throw error;
      const takenAt = timeOfName(name);
      // What is gone meanwhile was let go of by another backup.
      if (takenAt === null || error.code === 'MISSING') continue;
      unreadable.push({ name, path, takenAt, error });
    }
  }
  unreadable.sort((a, b) => (a.takenAt < b.takenAt ? -1 : 1));
  return { backups: inOrder(backups), unreadable };
}

/** The ids of other stores that have backups in the folder of a backup. */
export function otherStoresIn({ backups }: BackupFolder, { manifest }: BackupFile): string[] {
  const ids = new Set(backups.map((one) => one.manifest.storeId));
  ids.delete(manifest.storeId);
  return [...ids];
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadablePlace(folder, error);
  }
}
