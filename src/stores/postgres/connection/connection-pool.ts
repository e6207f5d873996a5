import pg from 'pg';
import type { StatementLog } from '../../sql/statement-log.ts';
import { type ConnectionOptions, clientOptions, refusesSettings } from './client-options.ts';
import { Connection, Statements } from './connection.ts';

/** How a pool of connections is made. */
export interface PoolOptions extends ConnectionOptions {
  schema: string;
  /** How many connections there are at most. */
  poolSize: number;
  /** How long a call waits for one to be free. */
  waitMs: number;
  logging?: StatementLog | undefined;
}

/** A server ends a statement that takes too long; after so much longer nobody is there any more. */
const PATIENCE_MS = 5_000;

/** A connection that somebody uses, until it is given back: for good where it is broken. */
export interface Lease {
  db: Connection;
  /** Nobody has used it before. */
  isNew: boolean;
  release(isBroken: boolean): void;
}

/** The connections to one server. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #statements: Statements;
  #pool: pg.Pool;
  /** False behind a pooler that refuses settings of a session. */
  #hasSettings = true;
  /** Those that somebody has used. */
  readonly #known = new WeakSet<pg.PoolClient>();
  /** Those that somebody uses. */
  readonly #used = new Set<pg.PoolClient>();
  /** Whether there was a connection once. */
  wasReached = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#statements = new Statements(options.schema);
    this.#pool = this.#makePool();
  }

  /**
   * A connection, when one is free. `mayPrepare` is false for work that cannot be made again when it
   * turns out that what was prepared is not there.
   */
  async connect({ mayPrepare = true }: { mayPrepare?: boolean } = {}): Promise<Lease> {
    const client = await this.#client();
    this.wasReached = true;
    this.#used.add(client);
    const isNew = !this.#known.has(client);
    this.#known.add(client);
    const { logging: log, statementTimeoutMs } = this.#options;
    const silenceMs = statementTimeoutMs === 0 ? 0 : statementTimeoutMs + PATIENCE_MS;
    return {
      isNew,
      db: new Connection(client, this.#statements, { log, mayPrepare, silenceMs }),
      release: (isBroken) => {
        this.#used.delete(client);
        client.release(isBroken || isInTransaction(client));
      },
    };
  }

  /** Cuts the connections that are in use: what goes on over them fails at once. */
  disconnect(): void {
    for (const client of this.#used) streamOf(client).destroy();
  }

  /**
   * Behind a pooler that gives each transaction another connection, what was prepared is not there: then
   * nothing is prepared any more, and the call that found out is to be made again.
   */
  losesStatements(error: unknown): boolean {
    const { code } = error as { code?: string };
    if (code !== '26000' && code !== '42P05') return false;
    // Of several that find out at once, each is made again.
    this.#statements.mayPrepare = false;
    return true;
  }

  /** Waits until every connection was given back, and ends them. */
  async end(): Promise<void> {
    await this.#pool.end();
  }

  async #client(): Promise<pg.PoolClient> {
    const pool = this.#pool;
    try {
      return await pool.connect();
    } catch (error) {
      if (!this.#hasSettings || !refusesSettings(error)) throw error;
    }
    // A pooler that lets no settings through: without them, for good.
    if (pool === this.#pool) {
      this.#hasSettings = false;
      this.#pool = this.#makePool();
      await pool.end();
    }
    return await this.#client();
  }

  #makePool(): pg.Pool {
    const { poolSize, connectTimeoutMs, waitMs } = this.#options;
    const options = clientOptions(this.#options, this.#hasSettings);
    const pool = new pg.Pool({
      ...options,
      max: poolSize,
      // It ends connections that are being made, too.
      connectionTimeoutMillis: Math.max(waitMs, connectTimeoutMs),
      Client: class extends pg.Client {
        constructor() {
          // Waiting for one's turn may take longer than reaching the server.
          super({ ...options, connectionTimeoutMillis: connectTimeoutMs });
          // The call that uses a connection when it dies is told; so is the next one.
          this.on('error', () => {});
        }
      },
    });
    // One that dies while nobody uses it is replaced when it is needed.
    pool.on('error', () => {});
    return pool;
  }
}

/** The driver has no other way to give up a server that says nothing. */
export function streamOf(client: pg.ClientBase): { destroy(): void } {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  return connection.stream;
}

/** Whether a transaction was left open, which nobody else must come into. */
function isInTransaction(client: pg.PoolClient): boolean {
  const { _txStatus: status } = client as unknown as { _txStatus: string | null };
  return status !== null && status !== 'I';
}
