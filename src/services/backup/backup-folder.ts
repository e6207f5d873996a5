import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { type BackupFile, openBackup } from './backup-file.ts';
import type { BackupFormatName } from './backup-manifest.ts';
import { inOrder } from './backup-order.ts';
import { BACKUP_FORMATS } from './formats/formats.ts';

const PREFIX = 'runledger-';

/** The name of a backup that is made at a time (milliseconds since 1970): names sort as times do. */
export function backupName(format: BackupFormatName, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${PREFIX}${time}${BACKUP_FORMATS[format].extension}`;
}

/** The form that a file name speaks of; null for any other name. */
export function formatOfName(name: string): BackupFormatName | null {
  const formats = Object.keys(BACKUP_FORMATS) as BackupFormatName[];
  return formats.find((format) => name.endsWith(BACKUP_FORMATS[format].extension)) ?? null;
}

/**
 * The backups in a folder, those that were taken first first: see `inOrder`. Other files are passed over; but one that
 * has the name of a backup and cannot be read as one is CORRUPT: the newest may be the one that is damaged.
 */
export async function listBackups(folder: string): Promise<BackupFile[]> {
  const backups: BackupFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      backups.push(await openBackup(join(folder, entry.name)));
    } catch (error) {
      if (!isRunledgerError(error)) throw error;
      const isNamedSo = entry.name.startsWith(PREFIX) && formatOfName(entry.name) !== null;
      if (isNamedSo) throw error;
    }
  }
  return inOrder(backups);
}

/** The newest backup of a store in a folder; null where there is none. */
export async function newestOf(folder: string, storeId: string): Promise<BackupFile | null> {
  const backups = await listBackups(folder);
  return backups.findLast(({ manifest }) => manifest.storeId === storeId) ?? null;
}

/**
 * The backup of a folder to restore: the newest, or the first that was taken at a time (ISO 8601) or
 * later. Rejects with MISSING where there is none, and with INVALID where several stores have theirs there.
 */
export async function backupFor(folder: string, at: string | undefined): Promise<BackupFile> {
  const backups = await listBackups(folder);
  if (new Set(backups.map(({ manifest }) => manifest.storeId)).size > 1) {
    throw new RunledgerError('INVALID', `In ${folder} there are backups of several stores.`, {
      hint: 'Name the one to restore; verify tells of which store each is.',
    });
  }
  const found = at === undefined ? backups.at(-1) : firstTakenAt(backups, at);
  if (found !== undefined) return found;
  const newest = backups.at(-1)?.manifest.takenAt;
  const what =
    newest === undefined
      ? 'no backup'
      : `no backup of that time or later: the newest is of ${newest}`;
  throw new RunledgerError('MISSING', `In ${folder} there is ${what}.`, {
    hint: 'Name another folder, or an earlier time.',
  });
}

/** One that says a later time than one after it was taken when a clock was ahead: it may not reach so far. */
function firstTakenAt(backups: readonly BackupFile[], at: string): BackupFile | undefined {
  let found: BackupFile | undefined;
  let least: string | undefined;
  for (const backup of backups.toReversed()) {
    const { takenAt } = backup.manifest;
    if (least !== undefined && takenAt > least) continue;
    least = takenAt;
    if (takenAt >= at) found = backup;
  }
  return found;
}

/**
 * Removes the older backups of the same store beside a backup, but for so many of the newest, this one
 * whatever its time says, and all that those build on. Gives the names of those that went.
 */
export async function thinBackups(backup: BackupFile, keep: number): Promise<string[]> {
  const own = (await listBackups(dirname(backup.path))).filter(
    ({ manifest }) => manifest.storeId === backup.manifest.storeId,
  );
  const needed = withBases([backup, ...own.slice(-keep)], own);
  const removed = own.filter(({ name }) => !needed.has(name));
  for (const { path } of removed) await rm(path);
  return removed.map(({ name }) => name);
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
