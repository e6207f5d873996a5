import { rmSync, statSync } from 'node:fs';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { Connection } from '../sqlite/connection.ts';
import { patiently } from '../sqlite/patience.ts';
import { isBusy, storeError } from '../sqlite/store-error.ts';
import { busyFolder } from './folder-error.ts';

/** How long others are waited for before BUSY. */
export const WAIT_MS = 30_000;
/** It is held for a few milliseconds by most. */
const LONGEST_PAUSE_MS = 8;

/**
 * The right to change a folder: one process has it at a time, and it ends with its process, however
 * that ends. It is the write lock of an empty SQLite file, which works on every system that SQLite
 * works on. The index itself cannot serve: its lock ends with each commit, and between the commit that
 * decides a change and the last file that follows nobody else may come.
 */
export class FolderLock {
  readonly #path: string;
  readonly #folder: string;
  readonly #db: Connection;
  readonly #inode: number;
  #isClosed = false;

  /**
   * `path` is absolute, of the lock for this folder; the file is made where there is none, and anew where
   * it is damaged.
   */
  constructor(path: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
    try {
      this.#db = connect(path);
    } catch (error) {
      if (!isRunledgerError(error, 'CORRUPT')) throw error;
      // It holds nothing. Who has it open still is told so when the folder is to be changed.
      rmSync(path);
      this.#db = connect(path);
    }
    this.#inode = statSync(path).ino;
  }

  /** Waits for it. Rejects with BUSY when others had it for longer than the waiting time. */
  async take(waitMs = WAIT_MS): Promise<void> {
    try {
      await patiently(waitMs, () => this.#db.run('BEGIN IMMEDIATE'), LONGEST_PAUSE_MS);
    } catch (error) {
      if (!this.#isThere()) throw gone(this.#path);
      throw isBusy(error) ? busyFolder(this.#folder, error) : storeError(error, this.#path);
    }
    // Who holds the lock of a file that was deleted holds nothing.
    if (this.#isThere()) return;
    this.release();
    throw gone(this.#path);
  }

  release(): void {
    if (!this.#isClosed && this.#db.inTransaction) this.#db.run('ROLLBACK');
  }

  /** Does work while this process has it. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  #isThere(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Lets go of it for good. */
  close(): void {
    this.#isClosed = true;
    this.#db.close();
  }
}

function connect(path: string): Connection {
  let db: Connection | undefined;
  try {
    // Who has it may be another store of this process, which could not go on while this one blocks it.
    db = new Connection({ place: path, blockingMs: 0 });
    // SQLite makes the file when it is first looked at.
    db.get('SELECT 1 FROM sqlite_schema');
    return db;
  } catch (error) {
    db?.close();
    throw storeError(error, path);
  }
}

function gone(path: string): RunledgerError {
  return new RunledgerError('STORE_FAILED', `${path} was deleted or replaced while it was open.`, {
    hint: 'Nothing was written. Open the store again: what is missing is built anew from the files.',
  });
}
