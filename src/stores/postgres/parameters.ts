import type { SqlValue } from '../sql/columns.ts';
import { type ColumnType, parameterOf, typeOf } from './value-types.ts';

/** Collects the values of one statement and gives the places where they stand in it. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The place of one value. */
  one(value: SqlValue, type: ColumnType): string {
    this.values.push(parameterOf(value, type));
    return `$${this.values.length}::${type}`;
  }

  /** The place of a list of values of one type. */
  list(values: readonly SqlValue[], type: ColumnType): string {
    this.values.push(values.map((value) => parameterOf(value, type)));
    return `$${this.values.length}::${type}[]`;
  }

  /** A query that gives these rows of a table, by its columns. */
  rows(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): string {
    const [only] = rows;
    if (rows.length === 1 && only !== undefined) {
      const places = columns.map((column, at) => this.one(only[at] ?? null, typeOf(column)));
      return `SELECT ${places.join(', ')}`;
    }
    const lists = columns.map((column, at) =>
      this.list(
        rows.map((row) => row[at] ?? null),
        typeOf(column),
      ),
    );
    return `SELECT * FROM unnest(${lists.join(', ')})`;
  }
}
