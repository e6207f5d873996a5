import {
  DummyDriver,
  Kysely,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { textColumn, timeColumn } from '../sql/column-values.ts';
import type { DatabaseSchema } from '../sql/database-schema.ts';
import { RunQueries } from '../sql/run-queries.ts';
import { slot } from '../sql/slot.ts';

/** Composes in SQLite's words; nothing is run through Kysely, whose driver would wait on each row. */
const composer = new Kysely<DatabaseSchema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** The composed queries of every SQLite store in this process. */
export const queries = new RunQueries(composer, {
  rowKey: 'run_number',
  timeValue: timeColumn,
  idValue: textColumn,
  hasValue: (column, name) => sql<SqlBool>`${sql.ref(column)} = ${slot(name)}`,
  isTrue: (column) => sql`${sql.ref(`r.${column}`)} = 1`,
  p95: sql`percentile_cont(r.duration, 0.95)`,
  total: (column) => sql`total(${sql.ref(`r.${column}`)})`,
});
