import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder as newScratch } from '../../../src/cli/scratch-folder.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { checkSeals, openChain } from '../../../src/services/backup/backup-chain.ts';
import {
  type BackupFile,
  openBackup,
  recordsOf,
} from '../../../src/services/backup/backup-file.ts';
import type { BackupFormatName } from '../../../src/services/backup/backup-manifest.ts';
import { backupName } from '../../../src/services/backup/backup-name.ts';
import { backupSource } from '../../../src/services/backup/backup-source.ts';
import { BACKUP_FORMATS } from '../../../src/services/backup/formats/formats.ts';
import { type BackupOptions, writeBackup } from '../../../src/services/backup/write-backup.ts';
import type { CopyReport } from '../../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { runsOf } from '../../support/list-source.ts';

/** Every format by its name. */
export const FORMATS = Object.keys(BACKUP_FORMATS) as BackupFormatName[];

/** What a test makes a backup with; the rest is as the command line has it. */
export interface Taking {
  format?: BackupFormatName;
  since?: BackupFile | null;
  now?: () => number;
  name?: string;
  onProgress?: NonNullable<BackupOptions['onProgress']>;
}

let taken = 0;

/** Makes a backup in a folder, under a name as the command line gives, or one that is told. */
export async function takeBackup(
  store: RunStore,
  folder: string,
  { format = 'ndjson', since = null, now, name, onProgress }: Taking = {},
): Promise<BackupFile> {
  taken = Math.max(taken + 1, Date.now());
  const { extension } = BACKUP_FORMATS[format];
  const path = join(folder, name ? `${name}${extension}` : backupName(format, taken));
  const file = await open(path, 'wx');
  try {
    await writeBackup(store, (bytes) => file.appendFile(bytes), {
      format,
      base: since && {
        name: since.name,
        sha256: since.sha256,
        position: since.manifest.position,
        filesUntil: since.manifest.filesUntil,
      },
      program: 'a test',
      schema: null,
      newScratch,
      ...(now && { now }),
      ...(onProgress && { onProgress }),
    });
  } finally {
    await file.close();
  }
  return await openBackup(path);
}

/** Restores a backup into a store, as the command line does. */
export async function restoreInto(store: RunStore, path: string, at?: string): Promise<CopyReport> {
  const chain = await openChain(path);
  await checkSeals(chain, {});
  return await copyRuns(backupSource(chain, { at, newScratch }), store);
}

/** What a backup holds, by restoring it: the version and the digest of each run. */
export async function restored(path: string, at?: string): Promise<Map<string, string>> {
  const store = openMemoryStore();
  const { differences } = await restoreInto(store, path, at);
  if (differences.length > 0) throw new Error(`These differ: ${differences.join()}`);
  return await heldBy(store);
}

/** The version and the digest of each run. */
export async function heldBy(store: RunStore): Promise<Map<string, string>> {
  const runs = await runsOf(store);
  return new Map(runs.map((run) => [run.id, `${run.version} ${digestOf(run)}`]));
}

/** The ids of all runs that a backup tells of, deleted ones too. */
export async function idsIn(backup: BackupFile): Promise<string[]> {
  const records = await Array.fromAsync(recordsOf(backup, ['run', 'deleted'], { newScratch }));
  return records.map((record) => {
    if (record.kind === 'run') return record.run.id;
    if (record.kind === 'deleted') return record.id;
    throw new Error(`A ${record.kind} record was not asked for.`);
  });
}

/** Writes bytes as a file of a folder. */
export function fileOf(folder: string, name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
