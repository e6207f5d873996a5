import { statSync } from 'node:fs';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
import { breathe } from './breathe.ts';
import type { Connection } from './connection.ts';
import { DURABILITY_PRAGMAS, type Durability } from './durability.ts';
import { patiently } from './patience.ts';
import { storeError } from './store-error.ts';

/** What a database is made of. */
export interface DatabaseParts {
  /** Absolute. */
  path: string;
  /** Null where nothing may be written. */
  writer: Connection | null;
  reader: Connection;
  /** How long to wait for others before BUSY. */
  waitMs: number;
}

/**
 * An open database file: one connection that writes, in turns, and one that reads and neither waits
 * for the other nor sees what it has not committed. Every failure leaves here under its name.
 */
export class Database {
  readonly path: string;
  readonly #writer: Connection | null;
  readonly #reader: Connection;
  readonly #waitMs: number;
  readonly #inode: number;
  readonly #turns = new TurnQueue();
  readonly #calls = new Set<Promise<unknown>>();
  #durability: Durability | undefined;
  #isClosed = false;

  constructor({ path, writer, reader, waitMs }: DatabaseParts) {
    this.path = path;
    this.#writer = writer;
    this.#reader = reader;
    this.#waitMs = waitMs;
    this.#inode = inodeOf(path);
  }

  /** Does reading work; all of it sees the database at one moment. */
  read<T>(work: (db: Connection) => T): Promise<T> {
    const reader = this.#reader;
    const once = () => reader.transaction('DEFERRED', () => work(reader));
    return this.#call(() => patiently(this.#waitMs, once));
  }

  /** Does writing work in a transaction of its own, when its turn comes. */
  write<T>(
    durability: Durability,
    work: (db: Connection) => T,
    isKept?: (result: T) => boolean,
  ): Promise<T> {
    const once = () => this.#writeOnce(durability, this.#waitMs, work, isKept);
    return this.#call(() => this.#turns.run(this.#waitMs, once));
  }

  /**
   * The same for work that can be left to later: gives null when somebody else is writing for longer
   * than the waiting time, or nothing can be written at this place at this time.
   */
  async writeIfPossible<T>(
    durability: Durability,
    work: (db: Connection) => T,
    waitMs = 0,
  ): Promise<T | null> {
    try {
      const once = () => this.#writeOnce(durability, waitMs, work);
      return await this.#call(() => this.#turns.run(Math.max(waitMs, SHORT_WAIT_MS), once));
    } catch (error) {
      if (OBSTACLES.some((code) => isRunledgerError(error, code))) return null;
      throw error;
    }
  }

  /** Starts a transaction. It holds the turn of all writers until `end` is called. */
  begin(): Promise<{ db: Connection; end: () => void }> {
    return this.#call(async () => {
      const end = await this.#turns.take(this.#waitMs);
      try {
        const db = this.#writable();
        await patiently(this.#waitMs, () => {
          this.#setDurability(db, 'full');
          db.run('BEGIN IMMEDIATE');
        });
        return { db, end };
      } catch (error) {
        end();
        throw error;
      }
    });
  }

  /** Does a part of a transaction under way. */
  within<T>(work: () => T): Promise<T> {
    return this.#call(async () => work());
  }

  /** Waits for calls under way and lets go of the file; the last to do so leaves no log beside it. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#calls);
    this.#reader.close();
    this.#writer?.close();
  }

  async #writeOnce<T>(
    durability: Durability,
    waitMs: number,
    work: (db: Connection) => T,
    isKept?: (result: T) => boolean,
  ): Promise<T> {
    const db = this.#writable();
    return await patiently(waitMs, () => {
      this.#setDurability(db, durability);
      return db.transaction('IMMEDIATE', () => work(db), isKept);
    });
  }

  #writable(): Connection {
    if (this.#writer === null) throw onlyReadable(this.path);
    // What is written to a file that was moved away or replaced is lost when this process ends.
    if (inodeOf(this.path) !== this.#inode) throw replaced(this.path);
    return this.#writer;
  }

  #setDurability(db: Connection, durability: Durability): void {
    if (this.#durability === durability) return;
    db.script(DURABILITY_PRAGMAS[durability]);
    this.#durability = durability;
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new RunledgerError('CLOSED', `${this.path} is closed.`);
    const call = withBreath(work);
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      throw storeError(error, this.path);
    } finally {
      this.#calls.delete(call);
    }
  }
}

async function withBreath<T>(work: () => Promise<T>): Promise<T> {
  const result = await work();
  await breathe();
  return result;
}

/** Long enough to be given a turn that is free. */
const SHORT_WAIT_MS = 5;
/** What hinders a write from outside. */
const OBSTACLES = ['BUSY', 'FULL', 'READ_ONLY'] as const;

/** What tells a file from another one at its path; 0 where there is none. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}

function onlyReadable(path: string): RunledgerError {
  return new RunledgerError('READ_ONLY', `${path} can only be read here.`, {
    hint: 'The file or its folder may not be written: give this user the right, or copy both elsewhere.',
  });
}

function replaced(path: string): RunledgerError {
  return new RunledgerError('STORE_FAILED', `${path} was moved or replaced while it was open.`, {
    hint: 'Nothing was written. Put the file back, or open the store again to use what is there now.',
  });
}
