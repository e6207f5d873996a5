import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { applyMigrations, storeMigrations } from './apply-migrations.ts';
import type { ConnectionOptions } from './client-options.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { postgresRunStore } from './postgres-run-store.ts';
import { readSchemaState, schemaOlder } from './schema-state.ts';
import { isMoved, settleHome } from './store-identity.ts';

/** Where a standby is. */
export type ReplicaOptions = Pick<
  DatabaseOptions,
  'location' | 'host' | 'port' | 'username' | 'password' | 'database' | 'ssl' | 'schema'
>;

/** How a PostgreSQL store is opened. */
export interface PostgresStoreOptions
  extends Omit<ConnectionOptions, 'connectTimeoutMs' | 'statementTimeoutMs' | 'waitMs'>,
    Pick<DatabaseOptions, 'location' | 'schema' | 'logging'> {
  /** True: apply the migrations that are pending. False: reject with SCHEMA_OLDER. Default false. */
  synchronize?: boolean;
  /** False: reject with MISSING where there are no tables. Default true. */
  create?: boolean;
  /** Standbys that lists, searches and statistics are asked of. */
  replicas?: readonly ReplicaOptions[];
  /** How many connections there are at most. Default 10. */
  poolSize?: number;
  /** How long a call waits for a connection, for others, and for a server that is away. Default 30,000. */
  waitMs?: number;
  /** How long reaching the server may take. Default 10,000. */
  connectTimeoutMs?: number;
  /** How long one statement may take. Default 600,000. */
  statementTimeoutMs?: number;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
}

/** Opens the store in a schema of a database on a server. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<RunStore> {
  const { synchronize = false, create = true, now = Date.now } = options;
  const database = openDatabase(options);
  try {
    await prepareSchema(database, { synchronize, create, now });
    return postgresRunStore(database, now);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The database of a store, before anything is known about its tables. */
export function openDatabase({
  poolSize = 10,
  waitMs = 30_000,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 600_000,
  ...others
}: PostgresStoreOptions): Database {
  return new Database({ poolSize, waitMs, connectTimeoutMs, statementTimeoutMs, ...others });
}

async function prepareSchema(
  database: Database,
  { synchronize, create, now }: { synchronize: boolean; create: boolean; now: () => number },
): Promise<void> {
  const known = storeMigrations();
  const { location } = database;
  const { isEmpty, pending } = await database.read((db) => readSchemaState(db, location, known));
  if (isEmpty && !create) throw missing(location);
  if (pending.length > 0) {
    if (!synchronize) throw schemaOlder(location, pending);
    await applyMigrations(database, known, now);
  }
  if (await database.read(isMoved)) {
    // Who may not write cannot write a wrong era either.
    await database.transactionIfPossible(settleHome);
  }
}

function missing(location: string): RunledgerError {
  return new RunledgerError(
    'MISSING',
    `There is no store at ${location}: it has no tables there.`,
    {
      hint: `Run: runledger schema --apply --store '${location}'`,
    },
  );
}
