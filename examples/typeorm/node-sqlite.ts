import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** What TypeORM asks of `better-sqlite3`, answered by the SQLite that is part of Node. */
export class NodeSqlite {
  readonly #database: DatabaseSync;

  constructor(path: string, options: { readonly: boolean; timeout: number }) {
    this.#database = new DatabaseSync(path, {
      readOnly: options.readonly,
      timeout: options.timeout,
    });
  }

  pragma(text: string): unknown[] {
    return this.#database.prepare(`PRAGMA ${text}`).all();
  }

  prepare(sql: string) {
    return new Statement(this.#database.prepare(sql));
  }

  close(): void {
    this.#database.close();
  }
}

class Statement {
  readonly #statement: StatementSync;
  /** Whether it answers rows. */
  readonly reader: boolean;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(...values: SQLInputValue[]): unknown[] {
    return this.#statement.all(...values);
  }

  run(...values: SQLInputValue[]): unknown {
    return this.#statement.run(...values);
  }
}
