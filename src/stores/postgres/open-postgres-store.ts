import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { isPending } from '../../repository/schema-migration.ts';
import { ChangeListener } from './connection/change-listener.ts';
import { readChannel, tell } from './connection/change-signal.ts';
import { clientOptions } from './connection/client-options.ts';
import type { Database, DatabaseOptions } from './connection/database.ts';
import {
  connectionOf,
  type OpenDatabaseOptions,
  openDatabase,
} from './connection/open-database.ts';
import { MOST_SILENCE_MS, type ReplicaAccess, Replicas } from './connection/replicas.ts';
import { postgresRunStore } from './postgres-run-store.ts';
import { storeMigrations } from './schema/apply-migrations.ts';
import { readEnglishIndex } from './schema/english-index.ts';
import { type SchemaOptions, synchronizeSchema } from './schema/schema.ts';
import { readSchemaState, schemaOlder } from './schema/schema-state.ts';
import { settleHome } from './store-identity.ts';

/** Where a standby is. */
export type ReplicaOptions = Pick<
  DatabaseOptions,
  'location' | 'host' | 'port' | 'username' | 'password' | 'database' | 'ssl' | 'schema'
>;

/** How a PostgreSQL store is opened. */
export interface PostgresStoreOptions extends Omit<SchemaOptions, 'lockTimeoutMs'> {
  /** True: apply the migrations that are pending. False: reject with SCHEMA_OLDER. Default false. */
  synchronize?: boolean;
  /** False: reject with MISSING where there are no tables. Default true. */
  create?: boolean;
  /** Standbys that lists, searches and statistics are asked of. */
  replicas?: readonly ReplicaOptions[];
  /** How far one may be behind. Default 10,000. */
  mostLagMs?: number;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
}

/** Opens the store in a schema of a database on a server. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<RunStore> {
  const { now = Date.now, replicas: standbys = [] } = options;
  const database = openDatabase(options);
  const replicas = new Replicas(
    database,
    standbys.map((standby) => accessTo({ ...options, ...standby })),
    options.mostLagMs,
  );
  try {
    await prepareSchema(database, options);
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

/** A standby is looked at by a connection of its own, and not for long. */
function accessTo(standby: OpenDatabaseOptions): ReplicaAccess {
  const lookout = openDatabase({ ...standby, poolSize: 1, connectTimeoutMs: MOST_SILENCE_MS });
  return { database: openDatabase(standby), lookout };
}

async function prepareSchema(database: Database, options: PostgresStoreOptions): Promise<void> {
  const { synchronize = false, create = true, now = Date.now, postgresEnglishIndex } = options;
  const known = storeMigrations();
  const { location } = database;
  const { isEmpty, pending } = await database.read((db) => readSchemaState(db, location, known));
  if (isEmpty && !create) throw missing(location);
  if (pending.length > 0 && !synchronize) throw schemaOlder(location, pending);
  const isBehind = async () => isPending(await readEnglishIndex(database, postgresEnglishIndex));
  if (pending.length > 0 || (synchronize && (await isBehind()))) {
    await synchronizeSchema(options, { now });
  }
  await database.write(settleHome);
  database.onConnect(settleHome);
}

function missing(location: string): RunledgerError {
  return new RunledgerError(
    'MISSING',
    `There is no store at ${location}: it has no tables there.`,
    {
      hint: 'Run: runledger schema --apply, with the same configuration.',
    },
  );
}
