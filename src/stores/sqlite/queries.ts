import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { timeColumn } from '../sql/column-values.ts';
import type { DatabaseSchema } from '../sql/database-schema.ts';
import { RunQueries } from '../sql/run-queries.ts';

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
  timeValue: timeColumn,
  p95: sql`percentile_cont(r.duration, 0.95)`,
  total: (column) => sql`total(${sql.ref(`r.${column}`)})`,
});
