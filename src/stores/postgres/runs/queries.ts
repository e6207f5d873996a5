import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type SqlBool,
  sql,
} from 'kysely';
import { uuid } from '../../../domain/field-readers.ts';
import { timeColumn } from '../../sql/column-values.ts';
import type { DatabaseSchema } from '../../sql/database-schema.ts';
import { RunQueries } from '../../sql/run-queries.ts';
import { slot } from '../../sql/slot.ts';
import { parameterOf } from '../connection/value-types.ts';

/** Composes in PostgreSQL's words, with `{s}` for the schema: see `connection.ts`. */
const composer = new Kysely<DatabaseSchema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}).withSchema('{s}');

/** Columns whose index has their beginning, because they may be longer than an index holds. */
const BY_BEGINNING: readonly string[] = ['r.agent', 'r.session_id', 't.tag', 'c.code'];

/** How many characters of them. */
const BEGINNING = sql.raw('255');

/** The composed queries of every PostgreSQL store in this process. */
export const queries = new RunQueries(composer, {
  rowKey: 'id',
  timeValue: (time) => parameterOf(timeColumn(time), 'timestamptz'),
  idValue: (id) => (uuid(id).ok ? id : null),
  hasValue(name, value) {
    const column = sql.ref(name);
    const isEqual = sql<SqlBool>`${column} = ${slot(value)}`;
    if (!BY_BEGINNING.includes(name)) return isEqual;
    // What is shorter than its beginning is all of it. Asked twice, the server would expect a part of
    // the rows that there are, and would rather sort them than walk the index.
    const isWhole = sql<SqlBool>`length(${slot(value)}::text) < ${BEGINNING}`;
    return sql<SqlBool>`left(${column}, ${BEGINNING}) = left(${slot(value)}, ${BEGINNING})
      AND (${isWhole} OR ${isEqual})`;
  },
  isTrue: (column) => sql.ref(`r.${column}`),
  p95: sql`percentile_cont(0.95) WITHIN GROUP (ORDER BY r.duration)`,
  total: (column) => sql`coalesce(sum(${sql.ref(`r.${column}`)})::double precision, 0)`,
});
