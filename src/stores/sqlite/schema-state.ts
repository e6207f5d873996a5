import { RunledgerError } from '../../repository/errors.ts';
import type { SchemaMigration } from '../../repository/schema-migration.ts';
import type { Migration } from '../sql/migrations.ts';
import type { Connection } from './connection.ts';

/** What the schema of a database is, seen from this program. */
export interface SchemaState {
  /** No table at all: nobody has used the file yet. */
  isEmpty: boolean;
  /** Every migration that is known, applied or not. */
  migrations: SchemaMigration[];
  pending: Migration[];
}

/**
 * Reads the state of a schema and changes nothing. `known` are the migrations that it may have. Throws
 * CORRUPT for a database of another program and SCHEMA_NEWER when a newer program has been here.
 */
export function readSchemaState(
  db: Connection,
  path: string,
  known: readonly Migration[],
): SchemaState {
  const tables = db.all("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const isOurs = ['schema_migrations', 'agent_runs'].every((ours) =>
    tables.some(({ name }) => name === ours),
  );
  if (tables.length > 0 && !isOurs) throw foreign(path);
  const applied = isOurs ? db.all('SELECT number, applied_at FROM schema_migrations') : [];
  const numbers = new Set(known.map(({ number }) => number));
  if (applied.some(({ number }) => !numbers.has(Number(number)))) throw newer(path);
  const times = new Map(applied.map((row) => [Number(row.number), Number(row.applied_at)]));
  const migrations = known.map(({ number, name }) => {
    const time = times.get(number);
    return { number, name, appliedAt: time === undefined ? null : new Date(time).toISOString() };
  });
  const pending = known.filter(({ number }) => !times.has(number));
  return { isEmpty: tables.length === 0, migrations, pending };
}

function foreign(path: string): RunledgerError {
  return new RunledgerError(
    'CORRUPT',
    `${path} is an SQLite database of another program: it has tables, but not those of Runledger.`,
    { hint: 'Name another file; this one was left as it is.' },
  );
}

function newer(path: string): RunledgerError {
  return new RunledgerError('SCHEMA_NEWER', `${path} was made by a newer version of Runledger.`, {
    hint: 'Install that version or a newer one; the database was left as it is.',
  });
}
