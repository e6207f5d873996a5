import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, isRunledgerError, RunledgerError } from '../../../repository/errors.ts';
import { TurnQueue } from '../../../repository/turn-queue.ts';
import { isLost, isOvertaken, outcomeUnknown, storeError } from '../store-error.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool, type Lease, type PoolOptions } from './connection-pool.ts';
import {
  BEGIN,
  Beginnings,
  inTransaction,
  LONGEST_IDLE,
  READ_COMMITTED,
  SHORT_WAIT,
  SNAPSHOT,
  TAKE_TURN,
} from './transactions.ts';

/** What a database is reached by. */
export interface DatabaseOptions extends PoolOptions {
  /** For people: an address without a password. */
  location: string;
}

/** What a piece of work is told about the tries before it. */
export interface Attempt {
  /** An earlier one may have taken effect: its connection died before that was acknowledged. */
  mayBeDone: boolean;
}

type Work<T> = (db: Connection, attempt: Attempt) => Promise<T>;

/** How a transaction is made. */
interface TransactionOptions<T> {
  durability?: 'full' | 'bulk';
  /** Whether a result is to stay; else everything is rolled back. */
  isKept?: (result: T) => boolean;
}

/** How work is tried. */
interface TryOptions {
  isDecisive?: () => boolean;
  /** False: a server that is away is not waited for. */
  isPatient?: boolean;
}

/** Pauses between tries to reach a server that is away. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** How often a transaction is tried again that others were in the way of. */
const MOST_TRIES = 20;

/**
 * The schema of a store on a server, reached by a pool of connections. Every failure leaves here under
 * its name. A call whose connection dies is made again, for the waiting time.
 */
export class Database {
  readonly location: string;
  readonly #waitMs: number;
  readonly #pool: ConnectionPool;
  readonly #turns = new TurnQueue();
  readonly #calls = new Set<Promise<unknown>>();
  /** What ends the transactions that are under way. */
  readonly #transactions = new Set<(isBroken: boolean) => void>();
  readonly #loads = new Beginnings();
  #isClosed = false;
  #onConnect: ((db: Connection) => Promise<void>) | undefined;

  constructor({ location, ...options }: DatabaseOptions) {
    this.location = location;
    this.#waitMs = options.waitMs;
    this.#pool = new ConnectionPool(options);
  }

  /** From now on, does something on each new connection before it is used. */
  onConnect(work: (db: Connection) => Promise<void>): void {
    this.#onConnect = work;
  }

  /** Does work that changes nothing. */
  read<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.#call(() => this.#persistently(work, { isDecisive: () => false }));
  }

  /** Does work of single statements that write. It is told when it may have taken effect already. */
  write<T>(work: Work<T>): Promise<T> {
    return this.#call(() => this.#persistently(work));
  }

  /** Does work that changes nothing and sees everything at one moment. */
  snapshot<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.read((db) => inTransaction(db, SNAPSHOT, work));
  }

  /** Does work that changes nothing, on a server that is not waited for when it is away. */
  readOnce<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    const options = { isDecisive: () => false, isPatient: false };
    return this.#call(() => this.#persistently(work, options));
  }

  /** The same, with everything at one moment. */
  snapshotOnce<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.readOnce((db) => inTransaction(db, SNAPSHOT, work));
  }

  /** Does work in a transaction, which is rolled back where its result is not to be kept. */
  async transaction<T>(
    { durability = 'full', isKept }: TransactionOptions<T>,
    work: Work<T>,
  ): Promise<T> {
    let isCommitting = false;
    const turn = durability === 'bulk' ? this.#loads.take() : undefined;
    const whole: Work<T> = async (db, attempt) => {
      isCommitting = false;
      const begin = async () => {
        await db.script(BEGIN[durability]);
        turn?.end();
      };
      return await inTransaction(
        db,
        begin,
        () => work(db, attempt),
        (result) => {
          isCommitting = isKept === undefined || isKept(result);
          return isCommitting;
        },
      );
    };
    try {
      return await this.#call(async () => {
        // Before a connection is taken, which the one before may need.
        await turn?.come;
        return await this.#persistently(whole, { isDecisive: () => isCommitting });
      });
    } finally {
      turn?.end();
    }
  }

  /** Does work on the tables themselves, in a transaction that is begun so. */
  migrate<T>(work: (db: Connection) => Promise<T>, begin = READ_COMMITTED): Promise<T> {
    return this.write((db) => inTransaction(db, begin, work));
  }

  /**
   * Does work in a transaction that can be left to later: gives null when somebody else is in the way, or
   * nothing can be written here at this time.
   */
  async transactionIfPossible<T>(work: (db: Connection) => Promise<T>): Promise<T | null> {
    try {
      return await this.write((db) => inTransaction(db, SHORT_WAIT, work));
    } catch (error) {
      if (OBSTACLES.some((code) => isRunledgerError(error, code))) return null;
      throw error;
    }
  }

  /** Starts a transaction that lasts: `end` gives its connection back, for good when it failed. */
  begin(): Promise<{ db: Connection; end: (isBroken: boolean) => void }> {
    return this.#call(async () => {
      // In turns, and here first: those who wait must not take the connections of those who work.
      const endTurn = await this.#turns.take(this.#waitMs);
      try {
        const { db, release } = await this.#beginBefore(performance.now() + this.#waitMs);
        const end = (isBroken: boolean) => {
          if (!this.#transactions.delete(end)) return;
          release(isBroken);
          endTurn();
        };
        this.#transactions.add(end);
        return { db, end };
      } catch (error) {
        endTurn();
        throw error;
      }
    });
  }

  /** Does a part of a transaction under way. */
  within<T>(work: () => Promise<T>): Promise<T> {
    return this.#call(work);
  }

  /** Commits a transaction under way. */
  async commit(db: Connection): Promise<void> {
    try {
      await db.script('COMMIT');
    } catch (error) {
      throw isLost(error) ? outcomeUnknown(this.location, error) : error;
    }
  }

  /** Cuts the connections in use, of a server that is silent: calls under way fail or are made again. */
  disconnect(): void {
    this.#pool.disconnect();
  }

  /** Waits for calls under way and lets go of every connection. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#calls);
    // The server rolls back what is left open.
    for (const end of this.#transactions) end(true);
    await this.#pool.end();
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new RunledgerError('CLOSED', `${this.location} is closed.`);
    const call = work();
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      throw storeError(error, this.location);
    } finally {
      this.#calls.delete(call);
    }
  }

  /**
   * Does the work, and again while that may help, for the waiting time. `isDecisive`: whether the work was
   * at a point where it may have taken effect.
   */
  async #persistently<T>(
    work: Work<T>,
    { isDecisive = () => true, isPatient = true }: TryOptions = {},
  ): Promise<T> {
    const deadline = isPatient ? performance.now() + this.#waitMs : 0;
    let mayBeDone = false;
    for (let tries = 1; ; tries += 1) {
      const { db, release } = await this.#connectBefore(deadline).catch((error: unknown) => {
        throw mayBeDone ? outcomeUnknown(this.location, error) : error;
      });
      try {
        const result = await work(db, { mayBeDone });
        release(false);
        return result;
      } catch (error) {
        release(isLost(error));
        const isOther = isOvertaken(error) || this.#pool.losesStatements(error);
        if (isOther && tries < MOST_TRIES) continue;
        if (!isLost(error)) throw error;
        mayBeDone ||= isDecisive();
        if (!this.#isOver(deadline)) continue;
        throw mayBeDone ? outcomeUnknown(this.location, error) : error;
      }
    }
  }

  async #beginBefore(deadline: number): Promise<Lease> {
    for (;;) {
      const lease = await this.#connectBefore(deadline, { mayPrepare: false });
      try {
        await lease.db.script(`${BEGIN.full}; SET LOCAL lock_timeout = ${this.#waitMs}`);
        await lease.db.script(LONGEST_IDLE);
        await lease.db.rows(TAKE_TURN);
        return lease;
      } catch (error) {
        lease.release(true);
        // Nothing was done in it yet.
        if (!isLost(error) || this.#isOver(deadline)) throw error;
      }
    }
  }

  /** A connection, waiting for a server that is away as it is while another takes over. */
  async #connectBefore(deadline: number, options: { mayPrepare?: boolean } = {}): Promise<Lease> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.#connect(options);
      } catch (error) {
        // One that never was there is not waited for.
        const isAway = isLost(error) && this.#pool.wasReached;
        if (!isAway || this.#isOver(deadline)) throw error;
      }
      await sleep(pause);
    }
  }

  async #connect(options: { mayPrepare?: boolean }): Promise<Lease> {
    const lease = await this.#pool.connect(options);
    if (!lease.isNew) return lease;
    try {
      await this.#onConnect?.(lease.db);
      return lease;
    } catch (error) {
      lease.release(true);
      throw error;
    }
  }

  /** Whether trying again is over: the time is, or the store is to close. */
  #isOver(deadline: number): boolean {
    return this.#isClosed || performance.now() > deadline;
  }
}

/** What hinders a write from outside. */
const OBSTACLES: readonly ErrorCode[] = ['BUSY', 'FULL', 'READ_ONLY', 'DENIED'];
