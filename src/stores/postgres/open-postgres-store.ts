import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { applyMigrations, storeMigrations } from './apply-migrations.ts';
import { ChangeListener } from './change-listener.ts';
import { readChannel, tell } from './change-signal.ts';
import { type ConnectionOptions, clientOptions } from './client-options.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { postgresRunStore } from './postgres-run-store.ts';
import { Replicas } from './replicas.ts';
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
  const { synchronize = false, create = true, now = Date.now, replicas: standbys = [] } = options;
  const database = openDatabase(options);
  const replicas = new Replicas(
    database,
    standbys.map((standby) => openDatabase({ ...options, ...standby })),
  );
  try {
    await prepareSchema(database, { synchronize, create, now });
    await replicas.check();
    const connection = connectionOf(options);
    const { connectTimeoutMs: connectionTimeoutMillis } = connection;
    const listener = new ChangeListener({
      client: { ...clientOptions(connection, false), connectionTimeoutMillis },
      channel: () => database.read(readChannel),
      tell: (channel, payload) => database.read((db) => tell(db, channel, payload)),
    });
    return postgresRunStore({ database, replicas, listener, now });
  } catch (error) {
    await replicas.close();
    await database.close();
    throw error;
  }
}

/** The database of a store, before anything is known about its tables. */
export function openDatabase(options: PostgresStoreOptions): Database {
  const { location, schema, poolSize = 10, logging } = options;
  return new Database({ ...connectionOf(options), location, schema, poolSize, logging });
}

function connectionOf({
  waitMs = 30_000,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 600_000,
  ...place
}: PostgresStoreOptions): ConnectionOptions {
  return { ...place, waitMs, connectTimeoutMs, statementTimeoutMs };
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
    await database.transactionIfPossible(settleHome, ['READ_ONLY', 'DENIED']);
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
