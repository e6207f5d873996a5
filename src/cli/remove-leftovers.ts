import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunledgerError } from '../repository/errors.ts';
import type { UnusableBackup } from '../services/backup/backup-folder.ts';
import { timeOfName } from '../services/backup/backup-name.ts';
import { unreadablePlace, unwritablePlace } from '../services/backup/place-failure.ts';
import { TEMPORARY } from './output/new-file.ts';

const DAY_MS = 86_400_000;

/**
 * Removes what backups left in their folder that were killed: files under the temporary name of one that
 * has the name that it gives itself. Other machines may write there, whose processes cannot be seen: so
 * only those that nobody wrote to for a day, and whose process does not run here. Gives those that could
 * not be removed. Rejects with STORE_FAILED where the folder cannot be read.
 */
export async function removeLeftovers(folder: string): Promise<UnusableBackup[]> {
  const left: UnusableBackup[] = [];
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadablePlace(folder, error);
  });
  for (const name of names) {
    const [, of = '', pid] = TEMPORARY.exec(name) ?? [];
    const takenAt = timeOfName(of);
    if (takenAt === null || isRunning(Number(pid))) continue;
    const path = join(folder, name);
    // Null where somebody else has removed it meanwhile.
    const modified = (await stat(path).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - modified < DAY_MS) continue;
    try {
      await rm(path, { force: true });
    } catch (cause) {
      const error = unwritablePlace(path, cause);
      if (!isRunledgerError(error)) throw error;
      left.push({ name, path, takenAt, error });
    }
  }
  return left;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's, which may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
