import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** A row to insert: into which table, and its values in the order of the columns. */
export interface TableRow {
  table: string;
  values: SQLInputValue[];
}

/** What a store wrote for some runs. */
export interface RunRows {
  /** The names of the columns of each table that has rows of runs, parents before children. */
  tables: Map<string, string[]>;
  /** The rows of each run, parents before children, in the order of the ids asked for. */
  runs: TableRow[][];
}

/** Reads back every row that a store wrote for these runs, so that a loop can write the same ones. */
export function readRunRows(path: string, ids: Iterable<string>): RunRows {
  using database = new DatabaseSync(path, { readOnly: true });
  const byRun = new Map(Array.from(ids, (id): [string, TableRow[]] => [id, []]));
  const tables = new Map<string, string[]>();
  for (const table of tableNames(database)) {
    const columns = columnNames(database, table);
    const key = columns.indexOf(table === 'agent_runs' ? 'id' : 'run_id');
    if (key === -1) continue;
    tables.set(table, columns);
    const all = database.prepare(`SELECT ${columns.join(', ')} FROM ${table}`);
    all.setReturnArrays(true);
    for (const row of all.iterate() as Iterable<unknown>) {
      const values = row as SQLInputValue[];
      byRun.get(String(values[key]))?.push({ table, values });
    }
  }
  return { tables, runs: [...byRun.values()] };
}

/** How many rows each table holds, such as `agent_runs: 500`: equal where the same was written. */
export function countRows(path: string): string[] {
  using database = new DatabaseSync(path, { readOnly: true });
  return tableNames(database).map((table) => {
    const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
    return `${table}: ${row?.count}`;
  });
}

/** The ordinary tables in the order in which they were made. */
function tableNames(database: DatabaseSync): string[] {
  return database
    .prepare(
      `SELECT s.name FROM sqlite_schema s JOIN pragma_table_list l ON l.name = s.name
       WHERE l.type = 'table' AND l.schema = 'main' ORDER BY s.rowid`,
    )
    .all()
    .map(({ name }) => String(name));
}

function columnNames(database: DatabaseSync, table: string): string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));
}
