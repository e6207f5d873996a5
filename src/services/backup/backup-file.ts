import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import {
  BACKUP_VERSION,
  type BackupFormatName,
  type BackupManifest,
  manifestOf,
  newerBackup,
} from './backup-manifest.ts';
import type { BackupRecord, BrokenRecord } from './backup-record.ts';
import { ByteWindow } from './byte-window.ts';
import type { BackupEnd, BackupFormat } from './formats/backup-format.ts';
import { BACKUP_FORMATS } from './formats/formats.ts';
import { bytesAt } from './formats/framed.ts';
import { unreadablePlace } from './place-failure.ts';
import type { NewScratchFolder } from './scratch-folder.ts';

const HEAD_BYTES = 64;

/** A file that may be a backup. */
export interface BackupPart {
  path: string;
  name: string;
  /** Of the whole file. */
  bytes: number;
  /** Null where the end is damaged that has it. */
  manifest: BackupManifest | null;
}

/** A backup in a file, of which the end was read: what is in between may still be damaged. */
export interface BackupFile extends BackupPart {
  manifest: BackupManifest;
  /** What the seal says. */
  sha256: string;
}

/** How a backup is read. */
export interface BackupAccess {
  newScratch: NewScratchFolder;
  /** Is told how many bytes of a file were hashed, then how many runs read, of how many. */
  onProgress?: (what: 'bytes' | 'runs', done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Opens a backup by its two ends. Rejects with MISSING where nothing is, INVALID for a folder,
 * SCHEMA_NEWER for one of a later version, and CORRUPT for what is cut off, empty, no backup, or of
 * another form than its name says.
 */
export async function openBackup(path: string): Promise<BackupFile> {
  return await withFile(path, async (file) => {
    const { size } = await file.stat();
    const [name, format] = await formatOf(file, path, size);
    const end = await endOf(file, path, size, format);
    const manifest = manifestOf(end.manifest, path);
    if (manifest === null || manifest.format !== name) throw noBackup(path, 'its end is damaged');
    return { path, name: basename(path), bytes: size, manifest, sha256: end.sha256 };
  });
}

/**
 * The same for what may be damaged: the manifest is then null where it is its end that is. Rejects with
 * CORRUPT where neither its beginning nor its name is that of a backup.
 */
export async function openDamaged(path: string): Promise<BackupPart> {
  try {
    return await openBackup(path);
  } catch (error) {
    if (!isRunledgerError(error, 'CORRUPT')) throw error;
    return await withFile(path, async (file) => {
      const { size } = await file.stat();
      await formatOf(file, path, size, true);
      return { path, name: basename(path), bytes: size, manifest: null };
    });
  }
}

/** Whether the bytes of a backup are those that its seal was put on. */
export async function isSealIntact(
  { path, bytes }: BackupFile,
  { onProgress, signal }: Omit<BackupAccess, 'newScratch'>,
): Promise<boolean> {
  return await withFile(path, async (file) => {
    const [, format] = await formatOf(file, path, bytes);
    const { sealedBytes, sha256 } = await endOf(file, path, bytes, format);
    const hash = createHash('sha256');
    const window = new ByteWindow(file, 0, sealedBytes);
    for (let piece = await window.peek(1); piece.length > 0; piece = await window.peek(1)) {
      signal?.throwIfAborted();
      hash.update(piece);
      window.pass(piece.length);
      onProgress?.('bytes', window.at, sealedBytes);
    }
    return window.at === sealedBytes && hash.digest('hex') === sha256;
  });
}

/** The records of these kinds of a backup, in their order. What is damaged is among them. */
export async function* recordsOf(
  { path, bytes }: BackupPart,
  kinds: readonly BackupRecord['kind'][],
  { newScratch }: Pick<BackupAccess, 'newScratch'>,
): AsyncGenerator<BackupRecord | BrokenRecord, void, void> {
  const file = await opened(path);
  try {
    const [, format] = await formatOf(file, path, bytes, true);
    const found = await format.readEnd(file, bytes);
    // Whoever salvages reads what there is also without an end.
    const end = found?.recordsEnd ?? bytes;
    yield* format.records({ file, end }, { kinds: new Set(kinds), newScratch });
  } finally {
    await file.close();
  }
}

async function formatOf(
  file: FileHandle,
  path: string,
  size: number,
  mayBeDamaged = false,
): Promise<[BackupFormatName, BackupFormat]> {
  if (size === 0) throw noBackup(path, 'it is empty');
  const head = await bytesAt(file, 0, HEAD_BYTES);
  const formats = Object.entries(BACKUP_FORMATS) as [BackupFormatName, BackupFormat][];
  const found = formats.find(([, format]) => format.isBegunBy(head));
  const named = formats.find(([, { extension }]) => path.endsWith(extension));
  if (mayBeDamaged && found === undefined && named !== undefined) return named;
  if (found === undefined) throw noBackup(path, 'it does not begin like one');
  if (named === undefined || named[0] === found[0]) return found;
  throw noBackup(path, `its name says ${named[0]}, and it begins like ${found[0]}`);
}

async function endOf(
  file: FileHandle,
  path: string,
  size: number,
  format: BackupFormat,
): Promise<BackupEnd> {
  const end = await format.readEnd(file, size);
  if (end === null) {
    const other = await format.otherwise?.(file, size);
    throw noBackup(path, other?.why ?? 'it is cut off, or something else', other?.hint);
  }
  if (end.version > BACKUP_VERSION) throw newerBackup(path);
  // It stands beside the hash, which cannot cover it: a flipped bit makes 0 of 1.
  if (end.version !== BACKUP_VERSION) throw noBackup(path, `there is no version ${end.version}`);
  return end;
}

const NAME_ANOTHER =
  'Name a file that backup wrote. restore --salvage takes what is whole of a damaged one.';

function noBackup(path: string, why: string, hint = NAME_ANOTHER): RunledgerError {
  return new RunledgerError('CORRUPT', `${path} cannot be read as a backup: ${why}.`, { hint });
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await opened(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (error) {
    throw unreadablePlace(path, error);
  }
  throw new RunledgerError('INVALID', `${path} is a folder.`, { hint: 'Name a backup in it.' });
}
