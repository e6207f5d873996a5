import type { DatabaseSync } from 'node:sqlite';
import type { SqlRow, SqlValue } from '../sql/columns.ts';
import type { StatementLog } from '../sql/statement-log.ts';
import { loadNodeSqlite } from './node-sqlite.ts';

/** How a connection is opened. */
export interface ConnectionOptions {
  /** A path or a `file:` URL. */
  place: string;
  readOnly?: boolean;
  /** How long SQLite itself waits for a lock, blocking the process. Default 20. */
  blockingMs?: number;
  log?: StatementLog | undefined;
}

/** Short: the patient waiting is done outside, where other work goes on in between. */
const BLOCKING_MS = 20;
/** Statements kept prepared; those composed from changed columns are the only ones without a bound. */
const MOST_STATEMENTS = 500;

/** One connection to a database file, with its statements kept prepared. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #log: StatementLog | undefined;
  readonly #statements = new Map<string, Statement>();

  constructor({ place, readOnly = false, blockingMs = BLOCKING_MS, log }: ConnectionOptions) {
    const { DatabaseSync } = loadNodeSqlite();
    this.#database = new DatabaseSync(place, { readOnly, timeout: blockingMs });
    this.#log = log;
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs a statement that answers nothing; gives the row number of the last insert. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#prepare(sql).run(...values).lastInsertRowid as number;
  }

  /** The first row, or undefined. */
  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.#prepare(sql).get(...values) as SqlRow | undefined;
  }

  /** Every row. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#prepare(sql).all(...values) as SqlRow[];
  }

  /** Runs a script of statements without values. */
  script(sql: string): void {
    observed(this.#log, sql, () => this.#database.exec(sql));
  }

  /**
   * Does the work in a transaction: whole, or not at all when it throws. `IMMEDIATE` takes the write
   * lock first; `DEFERRED` gives reads one and the same view. Inside a transaction it is a savepoint.
   * A result that is not to be kept is given all the same, but what was done for it is rolled back.
   */
  transaction<T>(
    mode: 'IMMEDIATE' | 'DEFERRED',
    work: () => T,
    isKept: (result: T) => boolean = () => true,
  ): T {
    const [begin, commit, rollback] = this.inTransaction
      ? ['SAVEPOINT part', 'RELEASE part', 'ROLLBACK TO part; RELEASE part']
      : [`BEGIN ${mode}`, 'COMMIT', 'ROLLBACK'];
    this.run(begin);
    try {
      const result = work();
      if (isKept(result)) this.run(commit);
      else this.script(rollback);
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some failures, a full disk among them.
      if (this.inTransaction) this.script(rollback);
      throw error;
    }
  }

  /** Closes it; a second call does nothing. */
  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
    const prepared = this.#database.prepare(sql);
    const statement =
      this.#log === undefined ? prepared : observedStatement(prepared, sql, this.#log);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** What is used of a prepared statement. */
interface Statement {
  run(...values: SqlValue[]): { lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

function observedStatement(statement: Statement, sql: string, log: StatementLog): Statement {
  return {
    run: (...values: SqlValue[]) => observed(log, sql, () => statement.run(...values)),
    get: (...values: SqlValue[]) => observed(log, sql, () => statement.get(...values)),
    all: (...values: SqlValue[]) => observed(log, sql, () => statement.all(...values)),
  };
}

function observed<T>(log: StatementLog | undefined, sql: string, work: () => T): T {
  const start = performance.now();
  try {
    const result = work();
    log?.({ sql, milliseconds: performance.now() - start });
    return result;
  } catch (error) {
    log?.({ sql, milliseconds: performance.now() - start, error });
    throw error;
  }
}

/** Does the first work with a new connection, and closes it when that fails. */
export async function orClose<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    db.close();
    throw error;
  }
}
