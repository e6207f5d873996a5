/** What a column can hold, as it is bound and read. */
export type SqlValue = string | number | null | Uint8Array;

/** A row as it is read, by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** The columns of a table, each with how its value is taken from a part of a run. */
export type Columns<Part> = Readonly<Record<string, (part: Part) => SqlValue>>;

/** A table that one part of a run fills one row of. */
export interface PartTable<Part> {
  readonly name: string;
  /** The names of `columns`, in the order in which `values` answers. */
  readonly columns: readonly string[];
  /** The row of a part. */
  values(part: Part): SqlValue[];
}

/** The columns in which a part differs from its row, in which they have names with this prefix. */
export function changedColumns<Part>(
  { columns }: PartTable<Part>,
  values: readonly SqlValue[],
  row: SqlRow,
  prefix = '',
): string[] {
  return columns.filter((column, at) => !isSame(row[prefix + column], values[at]));
}

function isSame(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}

/** Describes a table by its columns. */
export function partTable<Part>(name: string, columns: Columns<Part>): PartTable<Part> {
  const takes = Object.values(columns);
  return {
    name,
    columns: Object.keys(columns),
    values: (part) => takes.map((take) => take(part)),
  };
}
