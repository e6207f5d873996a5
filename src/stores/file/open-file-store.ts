import { join, resolve } from 'node:path';
import { isRunledgerError } from '../../repository/errors.ts';
import { warn } from '../../repository/guard/warn.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { storeMigrations } from '../sqlite/migrations.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { sqliteRunStore } from '../sqlite/sqlite-run-store.ts';
import { removeQuietly } from './durable-file.ts';
import { type FileCalls, SYSTEM_CALLS } from './file-calls.ts';
import { fileRunStore } from './file-run-store.ts';
import { Folder } from './folder.ts';
import { FolderLock } from './folder-lock.ts';
import { INDEX_FILE, LOCK_FILE } from './folder-names.ts';
import { FolderWatch } from './folder-watch.ts';
import { readIntents } from './intent-table.ts';
import { listFolder } from './list-folder.ts';
import {
  inodeOfIndex,
  leaveOwnFolder,
  type OwnFolder,
  prepareFolders,
  putIndexAside,
} from './own-folder.ts';
import { SourcesStore } from './sources-store.ts';
import { sweep } from './sweep.ts';
import { takeInAll } from './take-in-all.ts';

/** How a file store is opened. */
export interface FileStoreOptions {
  /** The folder of run files. Relative to the working directory. */
  path: string;
  /** True (default): make the folder when there is none. False: reject with MISSING. */
  create?: boolean | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
  /** Is told how far it is while files are read that the index does not know. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** How often the folder is looked through for what others changed. Default 5,000. */
  sweepMs?: number;
  /** The calls by which the folder is changed. Default those of the system. */
  calls?: FileCalls;
}

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * Opens the store in a folder of run files, `<id>.json` each. The files are the truth; `.runledger` in
 * it has an index by which they are found, made when there is none. What was changed while nobody had
 * the folder open is taken in first, which takes as long as reading those files.
 *
 * Where the folder cannot be written it is opened for reading alone, with an index that lasts as long:
 * every file is read, and every write is answered with READ_ONLY. A damaged index is put aside and made
 * anew.
 *
 * Rejects with MISSING, CORRUPT (no folder), READ_ONLY, SCHEMA_NEWER, BUSY, FULL, STORE_FAILED, and with
 * UNSUPPORTED on a Node before 24.
 */
export async function openFileStore(options: FileStoreOptions): Promise<RunStore> {
  const path = resolve(options.path);
  const own = await prepareFolders(path, options.create ?? true);
  try {
    const lock = new FolderLock(join(own.path, LOCK_FILE), path);
    try {
      return await openWithLock(path, own, lock, options);
    } catch (error) {
      lock.close();
      throw error;
    }
  } catch (error) {
    await leaveOwnFolder(own);
    throw error;
  }
}

async function openWithLock(
  path: string,
  own: OwnFolder,
  lock: FolderLock,
  options: FileStoreOptions,
): Promise<RunStore> {
  const inode = inodeOfIndex(own);
  try {
    return await openWithIndex(path, own, lock, options);
  } catch (error) {
    if (!isRunledgerError(error, 'CORRUPT')) throw error;
    warn(`The index of ${path} is damaged and is made anew from the files`, error);
    await lock.hold(() => putIndexAside(own, inode));
    return openWithIndex(path, own, lock, options);
  }
}

async function openWithIndex(
  path: string,
  own: OwnFolder,
  lock: FolderLock,
  { now = Date.now, calls = SYSTEM_CALLS, onProgress, sweepMs }: FileStoreOptions,
): Promise<RunStore> {
  const { database, identity } = await openDatabase({
    path: join(own.path, INDEX_FILE),
    migrations: storeMigrations(MIGRATIONS),
    synchronize: true,
    create: true,
    now,
  });
  const folder = new Folder({ path, index: database, calls, now }, lock);
  try {
    await catchUp(folder, own.isKept, onProgress);
  } catch (error) {
    await database.close();
    throw error;
  }
  const inode = inodeOfIndex(own);
  const watch = new FolderWatch(folder, sweepMs);
  watch.start();
  const sources = new SourcesStore(own, now);
  return fileRunStore({
    folder,
    sources,
    index: sqliteRunStore(database, identity, now),
    isWritable: own.isKept,
    async onDamage() {
      try {
        const leave = await folder.takeTurn();
        await putIndexAside(own, inode).finally(leave);
      } catch (error) {
        warn(`The damaged index of ${path} could not be put aside`, error);
      }
    },
    async release() {
      await watch.stop();
      await sources.close();
      await database.close();
      lock.close();
      await leaveOwnFolder(own);
    },
  });
}

/** Puts in place what was left unfinished, and takes in what was changed while nobody looked. */
async function catchUp(
  folder: Folder,
  isWritable: boolean,
  onProgress: FileStoreOptions['onProgress'],
): Promise<void> {
  const { path, index, calls } = folder.parts;
  const { changed, temporary } = await sweep(folder.parts);
  const intents = await index.read(readIntents);
  if (isWritable && (intents.length > 0 || temporary.length > 0)) {
    // Nobody else has a temporary file of use while the folder is ours: who wrote these was ended.
    await folder.inside(async () => {
      const { temporary: left } = await listFolder(path);
      const wanted = new Set((await index.read(readIntents)).map(({ temporary }) => temporary));
      for (const name of left) if (!wanted.has(name)) removeQuietly(calls, join(path, name));
    });
  }
  await takeInAll(folder, changed, { onProgress });
}
