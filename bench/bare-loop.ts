import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DURABILITY_PRAGMAS } from '../src/stores/sqlite/durability.ts';
import type { RunRows, TableRow } from './table-rows.ts';

const BATCH_RUNS = 500;

/**
 * The least that filling the tables can cost: prepared statements in a loop on a connection set like
 * the store's, with values that were worked out before. It checks, digests and asks for nothing.
 */
export class BareLoop implements Disposable {
  readonly #database: DatabaseSync;
  readonly #runs: readonly (readonly TableRow[])[];
  readonly #inserts: ReadonlyMap<string, StatementSync>;

  /** `path` names a database with the store's tables, without runs. `without` is left empty. */
  constructor(path: string, rows: RunRows, without?: string) {
    const database = new DatabaseSync(path);
    const tables = [...rows.tables].filter(([table]) => table !== without);
    database.exec(DURABILITY_PRAGMAS.full);
    this.#database = database;
    this.#runs = rows.runs;
    this.#inserts = new Map(
      tables.map(([table, columns]) => {
        const places = columns.map(() => '?').join(', ');
        const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
        return [table, database.prepare(sql)];
      }),
    );
  }

  /** Every run, in transactions of 500 that a last one makes durable together. */
  saveAll(): void {
    this.#database.exec(DURABILITY_PRAGMAS.bulk);
    for (let first = 0; first < this.#runs.length; first += BATCH_RUNS) {
      this.#save(first, first + BATCH_RUNS);
    }
    this.#database.exec(DURABILITY_PRAGMAS.full);
    this.#database.exec('UPDATE store_identity SET flushes = flushes + 1');
  }

  /** One run, in a transaction that is durable by itself. */
  saveOne(run: number): void {
    this.#save(run, run + 1);
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #save(first: number, end: number): void {
    this.#database.exec('BEGIN IMMEDIATE');
    for (const rows of this.#runs.slice(first, end)) {
      for (const { table, values } of rows) this.#inserts.get(table)?.run(...values);
    }
    this.#database.exec('COMMIT');
  }
}
