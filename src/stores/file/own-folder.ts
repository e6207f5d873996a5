import { statSync } from 'node:fs';
import { access, constants, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import { makeFolder } from '../sqlite/make-folder.ts';
import { isRefusal, unwritableFolder } from './folder-error.ts';
import { INDEX_FILE, LOCK_FILE, OWN_FOLDER } from './folder-names.ts';
import { listFolder } from './list-folder.ts';

/** Where a file store keeps what it knows of a folder. */
export interface OwnFolder {
  path: string;
  /** False: the folder of runs can only be read, and this lies elsewhere until the store is closed. */
  isKept: boolean;
}

/**
 * Finds the place for index and lock: in the folder of runs, or, where that cannot be written, in one
 * of the system's for temporary files. Makes the folder of runs where that is allowed.
 */
export async function prepareFolders(folder: string, create: boolean): Promise<OwnFolder> {
  try {
    if (create) await makeFolder(folder);
  } catch (error) {
    // A file of that name: to list it, which comes next, says so.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritableFolder(folder, error);
  }
  await listFolder(folder);
  const path = join(folder, OWN_FOLDER);
  try {
    // Asked first: of a disk that is mounted to be read, making a folder says only that it is not there.
    await access(folder, constants.W_OK);
    await makeFolder(path, modeBeside(folder));
    await access(path, constants.W_OK);
    for (const name of [INDEX_FILE, LOCK_FILE]) await checkWritable(join(path, name));
    return { path, isKept: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw noOwnFolder(path, error);
    if (!isRefusal(error)) throw unwritableFolder(folder, error);
    return { path: await mkdtemp(join(tmpdir(), 'runledger-index-')), isKept: false };
  }
}

/** Who may not write a run has no use for the index, which holds them all, those of private files too. */
function modeBeside(folder: string): number {
  const isShared = (statSync(folder).mode & 0o020) !== 0;
  return isShared ? 0o770 : 0o700;
}

async function checkWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    // Not made yet.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function noOwnFolder(path: string, cause: unknown): RunledgerError {
  return new RunledgerError('STORE_FAILED', `"${path}" is a file.`, {
    cause,
    hint: 'The store keeps its index in a folder of that name: move the file elsewhere.',
  });
}

/** Removes it where it does not stay. */
export async function leaveOwnFolder({ path, isKept }: OwnFolder): Promise<void> {
  if (!isKept) await rm(path, { recursive: true, force: true });
}

/** What tells the index from another one at its place; undefined where there is none. */
export function inodeOfIndex({ path }: OwnFolder): number | undefined {
  return statSync(join(path, INDEX_FILE), { throwIfNoEntry: false })?.ino;
}

/**
 * Puts the index with this inode out of the way, so that the next who opens the folder makes a new one.
 * It is kept: what it knew of the past may be of use. One that somebody else made since stays.
 */
export async function putIndexAside(own: OwnFolder, inode: number | undefined): Promise<void> {
  if (inode === undefined || inodeOfIndex(own) !== inode) return;
  const time = new Date().toISOString().replaceAll(':', '-');
  for (const suffix of ['-wal', '-shm', '']) {
    const from = join(own.path, `${INDEX_FILE}${suffix}`);
    if (statSync(from, { throwIfNoEntry: false }) === undefined) continue;
    await rename(from, join(own.path, `damaged-${time}-${INDEX_FILE}${suffix}`));
  }
}
