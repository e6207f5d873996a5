import { rm } from 'node:fs/promises';
import { isRunledgerError } from '../../repository/errors.ts';
import type { BackupFile } from './backup-file.ts';
import type { BackupFolder, UnusableBackup } from './backup-folder.ts';
import { timeOfName } from './backup-name.ts';
import { unwritablePlace } from './place-failure.ts';

/**
 * Removes the older backups of the same store in the folder of a backup, but for so many of the newest, this one
 * whatever its time says, those that people gave a name, and all that any of these build on. Gives the
 * names of those that went, and what stays because it cannot be read or removed.
 */
export async function thinBackups(
  { backups, unreadable }: BackupFolder,
  backup: BackupFile,
  keep: number,
): Promise<{ removed: string[]; left: UnusableBackup[] }> {
  const own = backups.filter(({ manifest }) => manifest.storeId === backup.manifest.storeId);
  const [named, ours] = [true, false].map((wanted) =>
    own.filter(({ name }) => (timeOfName(name) === null) === wanted),
  ) as [BackupFile[], BackupFile[]];
  const needed = withBases([backup, ...named, ...ours.slice(-keep)], own);
  const removed: string[] = [];
  const left = [...unreadable];
  for (const { name, path, manifest } of ours.filter((one) => !needed.has(one.name))) {
    try {
      // Somebody else may have been faster.
      await rm(path, { force: true });
      removed.push(name);
    } catch (cause) {
      const error = unwritablePlace(path, cause);
      if (!isRunledgerError(error)) throw error;
      left.push({ name, path, takenAt: manifest.takenAt, error });
    }
  }
  return { removed, left };
}

/** The names of these backups, and of all that they build on. */
function withBases(backups: readonly BackupFile[], among: readonly BackupFile[]): Set<string> {
  const byName = new Map(among.map((one) => [one.name, one]));
  const needed = new Set<string>();
  for (const backup of backups) {
    for (let next: BackupFile | undefined = backup; next && !needed.has(next.name); ) {
      needed.add(next.name);
      next = byName.get(next.manifest.base?.name ?? '');
    }
  }
  return needed;
}
