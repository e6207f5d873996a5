import { RunledgerError } from '../../../repository/errors.ts';
import type { SchemaMigration } from '../../../repository/schema-migration.ts';
import { readTime } from '../../sql/column-values.ts';
import type { Migration } from '../../sql/migrations.ts';
import type { Connection } from '../connection/connection.ts';

/** What the schema of a store is, seen from this program. */
export interface SchemaState {
  /** None of our tables is there: nobody has used the schema for runs yet. */
  isEmpty: boolean;
  /** Every migration that is known, applied or not. */
  migrations: SchemaMigration[];
  pending: Migration[];
}

/**
 * Asked of the catalog: `to_regclass` alone answers from memory, which may not know yet what another
 * process has just made.
 */
const isThere = (table: string) =>
  `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass('{s}.${table}'))`;
/** What our tables are called, but for the one that tells that they are ours. */
const OURS = [
  ...['agent_runs', 'agent_inputs', 'agent_outputs', 'run_errors', 'run_steps', 'run_tags'],
  ...['contents', 'run_changes', 'quarantine', 'run_search', 'search_position', 'store_identity'],
  ...['transfers', 'store_fence', 'ledger_tail'],
];
const TABLES = `SELECT ${isThere('schema_migrations')} AS has_versions,
  (SELECT string_agg(relname, ', ') FROM pg_catalog.pg_class
    WHERE relnamespace = to_regnamespace('{s}') AND relname IN ('${OURS.join("', '")}')) AS ours,
  (SELECT count(*) = 4 FROM pg_catalog.pg_attribute
    WHERE attrelid = to_regclass('{s}.schema_migrations') AND attnum > 0 AND NOT attisdropped
      AND attname IN ('number', 'name', 'state', 'applied_at')) AS are_versions,
  current_setting('server_version_num')::int AS server, current_setting('server_encoding') AS encoding`;
const APPLIED = 'SELECT number, state, applied_at FROM {s}.schema_migrations';
/** The oldest server that this program works with. */
const OLDEST_SERVER = 15;

/**
 * Reads the state of a schema and changes nothing. Throws CORRUPT for the tables of another program,
 * SCHEMA_NEWER when a newer program has been here, and UNSUPPORTED for a server that is too old.
 */
export async function readSchemaState(
  db: Connection,
  location: string,
  known: readonly Migration[],
): Promise<SchemaState> {
  const [tables = {}] = await db.rows(TABLES);
  const major = Math.floor(Number(tables.server) / 10_000);
  if (major < OLDEST_SERVER) throw tooOld(location, major);
  if (tables.encoding !== 'UTF8') throw notUnicode(location, String(tables.encoding));
  const hasVersions = tables.has_versions === 1;
  if (hasVersions && tables.are_versions !== 1) throw foreign(location, 'schema_migrations');
  if (!hasVersions && tables.ours !== null) throw foreign(location, String(tables.ours));
  const applied = hasVersions ? await db.rows(APPLIED) : [];
  const numbers = new Set(known.map(({ number }) => number));
  if (applied.some(({ number }) => !numbers.has(Number(number)))) throw newer(location);
  const done = applied.filter(({ state }) => state === 'done');
  const times = new Map(done.map((row) => [Number(row.number), readTime(row.applied_at) ?? null]));
  return {
    isEmpty: !hasVersions,
    migrations: known.map(({ number, name }) => ({
      number,
      name,
      appliedAt: times.get(number) ?? null,
    })),
    pending: known.filter(({ number }) => !times.has(number)),
  };
}

/** The failure for a store that lacks these migrations. */
export function schemaOlder(location: string, pending: readonly Migration[]): RunledgerError {
  const names = pending.map(({ name }) => name).join(', ');
  const message = `${location} lacks ${names}, and \`synchronize\` is off.`;
  return new RunledgerError('SCHEMA_OLDER', message, {
    hint: 'Run: runledger schema --apply, with the same configuration.',
  });
}

function foreign(location: string, tables: string): RunledgerError {
  return new RunledgerError(
    'CORRUPT',
    `${location} has tables of another program under names of Runledger's: ${tables}.`,
    { hint: 'Name another `schema`; this one was left as it is.' },
  );
}

function newer(location: string): RunledgerError {
  return new RunledgerError(
    'SCHEMA_NEWER',
    `${location} was made by a newer version of Runledger.`,
    { hint: 'Install that version or a newer one; the schema was left as it is.' },
  );
}

function tooOld(location: string, major: number): RunledgerError {
  return new RunledgerError(
    'UNSUPPORTED',
    `${location} is on PostgreSQL ${major}, and Runledger needs ${OLDEST_SERVER} or newer.`,
    { hint: 'Upgrade the server, or use another one.' },
  );
}

function notUnicode(location: string, encoding: string): RunledgerError {
  return new RunledgerError(
    'UNSUPPORTED',
    `The database of ${location} is encoded as ${encoding}, which cannot hold every text.`,
    { hint: "Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0" },
  );
}
