import type { ConnectionOptions } from './client-options.ts';
import { Database, type DatabaseOptions } from './database.ts';

/** Where a database is, and the limits that have a default. */
export interface OpenDatabaseOptions
  extends Omit<ConnectionOptions, keyof Limits>,
    Pick<DatabaseOptions, 'location' | 'schema' | 'logging'>,
    Partial<Limits> {
  /** How many connections there are at most. Default 10. */
  poolSize?: number;
  /** How long a call waits for a connection, for others, and for a server that is away. Default 30,000. */
  waitMs?: number;
}

/** In milliseconds: reaching the server 10,000, a statement 600,000, a lock as long as `waitMs`. */
type Limits = Pick<ConnectionOptions, 'connectTimeoutMs' | 'statementTimeoutMs' | 'lockTimeoutMs'>;

const WAIT_MS = 30_000;

/** The database of a store, before anything is known about its tables. */
export function openDatabase(options: OpenDatabaseOptions): Database {
  const { location, schema, poolSize = 10, waitMs = WAIT_MS, logging } = options;
  return new Database({ ...connectionOf(options), location, schema, poolSize, waitMs, logging });
}

/** How its server is reached. */
export function connectionOf({
  waitMs = WAIT_MS,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 600_000,
  lockTimeoutMs = waitMs,
  ...place
}: OpenDatabaseOptions): ConnectionOptions {
  return { ...place, connectTimeoutMs, statementTimeoutMs, lockTimeoutMs };
}
