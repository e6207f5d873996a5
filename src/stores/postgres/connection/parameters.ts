import type { SqlValue } from '../../sql/columns.ts';
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
    const first = this.values.length + 1;
    const [only] = rows;
    const isOne = rows.length === 1 && only !== undefined;
    for (const [at, type] of typesOf(columns).entries()) {
      if (isOne) this.values.push(parameterOf(only[at] ?? null, type));
      else this.values.push(rows.map((row) => parameterOf(row[at] ?? null, type)));
    }
    return textOfRows(columns, isOne, first);
  }
}

const types = new WeakMap<readonly string[], ColumnType[]>();
/** The texts of rows by their columns, whether there is one row, and the place of the first value. */
const texts = new WeakMap<readonly string[], Map<number, string>>();

/** The types of the columns of a table; lists of columns are constants, and remembered. */
function typesOf(columns: readonly string[]): ColumnType[] {
  const known = types.get(columns) ?? columns.map(typeOf);
  types.set(columns, known);
  return known;
}

function textOfRows(columns: readonly string[], isOne: boolean, first: number): string {
  const known = texts.get(columns) ?? new Map<number, string>();
  texts.set(columns, known);
  const key = isOne ? first : -first;
  const text = known.get(key);
  if (text !== undefined) return text;
  const suffix = isOne ? '' : '[]';
  const places = typesOf(columns).map((type, at) => `$${first + at}::${type}${suffix}`);
  const made = isOne ? `SELECT ${places.join(', ')}` : `SELECT * FROM unnest(${places.join(', ')})`;
  known.set(key, made);
  return made;
}
