import { changedColumns, type PartTable, type SqlRow, type SqlValue } from '../sql/columns.ts';
import { ERROR_TABLE, INPUT_TABLE, OUTPUT_TABLE, RUN_TABLE } from '../sql/part-tables.ts';
import { STEP_TABLE } from '../sql/step-table.ts';
import type { Connection } from './connection.ts';

/** Inserts, updates and deletes the rows of one table. */
class RowWriter<Part> {
  readonly #table: PartTable<Part>;
  readonly #key: readonly string[];
  readonly #prefix: string;
  readonly #insert: string;
  readonly #delete: string;

  /** `prefix` stands before the names of the columns in a row that was read before. */
  constructor(table: PartTable<Part>, key: readonly string[], prefix = '') {
    this.#table = table;
    this.#key = key;
    this.#prefix = prefix;
    const places = table.columns.map(() => '?').join(', ');
    this.#insert = `INSERT INTO ${table.name} (${table.columns.join(', ')}) VALUES (${places})`;
    this.#delete = `DELETE FROM ${table.name} WHERE ${equals(key, ' AND ')}`;
  }

  /** Gives the number of the new row. */
  insert(db: Connection, part: Part): number {
    return db.run(this.#insert, this.#table.values(part));
  }

  /** Writes the columns in which a part differs from its row; false when there are none. */
  update(db: Connection, part: Part, row: SqlRow): boolean {
    const { name, columns } = this.#table;
    const values = this.#table.values(part);
    const changed = changedColumns(this.#table, values, row, this.#prefix);
    if (changed.length === 0) return false;
    const value = (column: string) => values[columns.indexOf(column)] ?? null;
    db.run(`UPDATE ${name} SET ${equals(changed, ', ')} WHERE ${equals(this.#key, ' AND ')}`, [
      ...changed.map(value),
      ...this.#key.map(value),
    ]);
    return true;
  }

  delete(db: Connection, ...key: SqlValue[]): void {
    db.run(this.#delete, key);
  }
}

/** `agent_runs`; deleting a row takes the rows of the other tables with it. */
export const RUN_ROWS = new RowWriter(RUN_TABLE, ['id']);
/** `agent_inputs`. */
export const INPUT_ROWS = new RowWriter(INPUT_TABLE, ['run_id'], 'input_');
/** `agent_outputs`. */
export const OUTPUT_ROWS = new RowWriter(OUTPUT_TABLE, ['run_id'], 'output_');
/** `run_errors`. */
export const ERROR_ROWS = new RowWriter(ERROR_TABLE, ['run_id'], 'error_');
/** `run_steps`. */
export const STEP_ROWS = new RowWriter(STEP_TABLE, ['run_id', 'ordinal']);

function equals(columns: readonly string[], between: string): string {
  return columns.map((column) => `${column} = ?`).join(between);
}
