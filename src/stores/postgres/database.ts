import { setTimeout as sleep } from 'node:timers/promises';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool, type Lease, type PoolOptions } from './connection-pool.ts';
import { isLost, isOvertaken, storeError } from './store-error.ts';

/** What a database is reached by. */
export interface DatabaseOptions extends PoolOptions {
  /** For people: an address without a password. */
  location: string;
}

/** Lets transactions that go on side by side begin one after another, in the order of their calls. */
class Beginnings {
  #last: Promise<void> = Promise.resolve();

  take(): { come: Promise<void>; end: () => void } {
    const come = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    return { come, end: resolve };
  }
}

/** How a transaction is made. */
interface TransactionOptions<T> {
  /** Doing it twice has the effect of doing it once. */
  repeatable: boolean;
  durability?: 'full' | 'bulk';
  /** Whether a result is to stay; else everything is rolled back. */
  isKept?: (result: T) => boolean;
}

/** Pauses between tries to reach a server that is away. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** How often a transaction is tried again that others were in the way of. */
const MOST_TRIES = 20;

/**
 * The schema of a store on a server, reached by a pool of connections. Every failure leaves here under
 * its name. A call whose connection dies is made again where that is safe, for the waiting time.
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

  constructor({ location, ...options }: DatabaseOptions) {
    this.location = location;
    this.#waitMs = options.waitMs;
    this.#pool = new ConnectionPool(options);
  }

  /** Does work that changes nothing; again when the connection dies. */
  read<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.#call(() => this.#persistently(work, () => true));
  }

  /**
   * Does work of single statements that write. `isRepeatable`: doing it twice has the effect of doing it
   * once, so that it is done again when it is not known whether it took effect.
   */
  write<T>(isRepeatable: boolean, work: (db: Connection) => Promise<T>): Promise<T> {
    return this.#call(() => this.#persistently(work, () => isRepeatable));
  }

  /** Does work that changes nothing and sees everything at one moment. */
  snapshot<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.read((db) => inTransaction(db, SNAPSHOT, work));
  }

  /** Does work that changes nothing, on a server that is not waited for when it is away. */
  readOnce<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.#call(async () => {
      const { db, release } = await this.#pool.connect();
      try {
        const result = await work(db);
        release(false);
        return result;
      } catch (error) {
        release(isLost(error));
        throw error;
      }
    });
  }

  /** The same, with everything at one moment. */
  snapshotOnce<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.readOnce((db) => inTransaction(db, SNAPSHOT, work));
  }

  /** Does work in a transaction, which is rolled back where its result is not to be kept. */
  transaction<T>(
    { repeatable, durability = 'full', isKept }: TransactionOptions<T>,
    work: (db: Connection) => Promise<T>,
  ): Promise<T> {
    let isCommitting = false;
    const turn = durability === 'bulk' ? this.#loads.take() : undefined;
    const whole = async (db: Connection) => {
      isCommitting = false;
      await turn?.come;
      const begin = async () => {
        await db.script(BEGIN[durability]);
        turn?.end();
      };
      return await inTransaction(db, begin, work, (result) => {
        isCommitting = isKept === undefined || isKept(result);
        return isCommitting;
      });
    };
    // Before the commit nothing has taken effect.
    const call = this.#call(() => this.#persistently(whole, () => repeatable || !isCommitting));
    return call.finally(() => turn?.end());
  }

  /** Does work on the tables themselves, in a transaction. */
  migrate<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.write(true, (db) => inTransaction(db, 'BEGIN', work));
  }

  /**
   * Does work in a transaction that can be left to later: gives null when somebody else is in the way, or
   * nothing can be written here at this time.
   */
  async transactionIfPossible<T>(work: (db: Connection) => Promise<T>): Promise<T | null> {
    try {
      return await this.write(true, (db) => inTransaction(db, SHORT_WAIT, work));
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
        const { db, release } = await this.#pool.connect({ mayPrepare: false });
        try {
          await db.script(`${BEGIN.full}; SET LOCAL lock_timeout = ${this.#waitMs}`);
          await db.rows(TAKE_TURN);
        } catch (error) {
          release(true);
          throw error;
        }
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

  /** Does the work, and again while that is safe and may help, for the waiting time. */
  async #persistently<T>(
    work: (db: Connection) => Promise<T>,
    mayRepeat: () => boolean,
  ): Promise<T> {
    const deadline = performance.now() + this.#waitMs;
    for (let tries = 1; ; tries += 1) {
      const { db, release } = await this.#connectBefore(deadline);
      try {
        const result = await work(db);
        release(false);
        return result;
      } catch (error) {
        release(isLost(error));
        if (tries < MOST_TRIES && this.#pool.losesStatements(error)) continue;
        if (isOvertaken(error) && tries < MOST_TRIES) continue;
        if (!isLost(error)) throw error;
        if (!mayRepeat()) throw outcomeUnknown(this.location, error);
        if (performance.now() > deadline) throw error;
      }
    }
  }

  /** A connection, waiting for a server that is away as it is while another takes over. */
  async #connectBefore(deadline: number): Promise<Lease> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.#pool.connect();
      } catch (error) {
        // One that never was there is not waited for.
        const isAway = isLost(error) && this.#pool.wasReached;
        if (!isAway || performance.now() > deadline) throw error;
      }
      await sleep(pause);
    }
  }
}

/**
 * The lock says that this transaction will write to the ledger before it has a number: see
 * `horizon.ts`. What is loaded in bulk is made durable by a later flush.
 */
const LOCK = 'LOCK TABLE {s}.run_changes IN ROW EXCLUSIVE MODE';
const BEGIN = {
  full: `BEGIN; ${LOCK}`,
  // With a number from the beginning: transactions that begin one after another keep that order.
  bulk: `BEGIN; SET LOCAL synchronous_commit = off; ${LOCK}; SELECT pg_current_xact_id()`,
} as const;
const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const SHORT_WAIT = "BEGIN; SET LOCAL lock_timeout = '1s'; SET LOCAL synchronous_commit = off";
/** What hinders a write from outside. */
const OBSTACLES = ['BUSY', 'FULL', 'READ_ONLY', 'DENIED'] as const;
/** Transactions of callers take turns, in whatever process they are. */
const TAKE_TURN =
  'SELECT pg_advisory_xact_lock(hashtextextended(store_id::text, 0)) FROM {s}.store_identity';

async function inTransaction<T>(
  db: Connection,
  begin: string | (() => Promise<void>),
  work: (db: Connection) => Promise<T>,
  isKept: (result: T) => boolean = () => true,
): Promise<T> {
  await (typeof begin === 'string' ? db.script(begin) : begin());
  let result: T;
  try {
    result = await work(db);
  } catch (error) {
    if (!isLost(error)) await db.script('ROLLBACK');
    throw error;
  }
  await db.script(isKept(result) ? 'COMMIT' : 'ROLLBACK');
  return result;
}

function outcomeUnknown(location: string, cause: unknown): RunledgerError {
  const message = `The connection to ${location} was lost while a change was written: whether it took effect is not known.`;
  return new RunledgerError('UNREACHABLE', message, {
    cause,
    hint: 'Read the run to see, then decide whether to do it again.',
  });
}
