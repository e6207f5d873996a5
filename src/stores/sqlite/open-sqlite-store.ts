import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { applyMigrations, refusePendingMigrations, schemaOlder } from './apply-migrations.ts';
import { orClose, type StatementLog } from './connection.ts';
import { Database } from './database.ts';
import { makeFolder } from './make-folder.ts';
import { loadMigrations } from './migrations.ts';
import {
  type ConnectionsOptions,
  openReader,
  openReadOnly,
  openWriter,
} from './open-connections.ts';
import { patiently } from './patience.ts';
import { hasFile, mayWrite } from './place.ts';
import { sqliteRunStore } from './sqlite-run-store.ts';
import { storeError } from './store-error.ts';
import { readIdentity } from './store-identity.ts';

/** How a SQLite store is opened. */
export interface SqliteStoreOptions {
  /** The database file. Relative to the working directory. */
  path: string;
  /** True (default): apply the migrations that are pending. False: reject with SCHEMA_OLDER. */
  synchronize?: boolean;
  /** True (default): make the file, and its folder, when there is none. False: reject with MISSING. */
  create?: boolean;
  /** How long to wait while another process has the lock, in milliseconds. Default 30,000. */
  busyTimeoutMs?: number;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Is told about every statement. */
  logging?: StatementLog;
}

/** How long others are waited for unless it is said. */
export const BUSY_TIMEOUT_MS = 30_000;

/**
 * Opens the store in a database file. Where the file or its folder cannot be written it is opened for
 * reading alone, and every write is answered with READ_ONLY.
 *
 * Rejects with MISSING, READ_ONLY, CORRUPT (damaged, or of another program), SCHEMA_NEWER,
 * SCHEMA_OLDER, BUSY, FULL, and with UNSUPPORTED on a Node before 24.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<RunStore> {
  const { synchronize = true, create = true, now = Date.now } = options;
  const { busyTimeoutMs = BUSY_TIMEOUT_MS, logging } = options;
  const connections = { path: resolve(options.path), waitMs: busyTimeoutMs, log: logging };
  try {
    prepareFile(connections.path, create, synchronize);
    const isNew = !hasFile(connections.path);
    return isNew || mayWrite(connections.path)
      ? await openForWriting(connections, synchronize, now)
      : await openForReading(connections, now);
  } catch (error) {
    throw storeError(error, connections.path);
  }
}

/** Refuses a file that is not there and may not be made, else makes the folder for it. */
function prepareFile(path: string, create: boolean, synchronize: boolean): void {
  const isThere = hasFile(path);
  // SQLite takes an empty file for a database that is still to be made.
  if (isThere && (create || statSync(path).size > 0)) return;
  if (!create) {
    throw new RunledgerError('MISSING', `There is no database at ${path}.`, {
      hint: 'Check the path, or create the store: runledger migrate takes runs into it.',
    });
  }
  if (!synchronize)
    throw schemaOlder(
      path,
      loadMigrations().map(({ name }) => name),
    );
  makeFolder(dirname(path));
}

async function openForWriting(
  connections: ConnectionsOptions,
  synchronize: boolean,
  now: () => number,
): Promise<RunStore> {
  const { path, waitMs } = connections;
  const writer = await openWriter(connections);
  return await orClose(writer, async () => {
    await patiently(waitMs, () =>
      synchronize ? applyMigrations(writer, path, now()) : refusePendingMigrations(writer, path),
    );
    const identity = await patiently(waitMs, () => readIdentity(writer, path, true));
    const reader = openReader(connections);
    return sqliteRunStore(new Database({ path, writer, reader, waitMs }), identity, now);
  });
}

async function openForReading(
  connections: ConnectionsOptions,
  now: () => number,
): Promise<RunStore> {
  const { path, waitMs } = connections;
  const reader = await openReadOnly(connections);
  return await orClose(reader, async () => {
    refusePendingMigrations(reader, path);
    const identity = readIdentity(reader, path, false);
    return sqliteRunStore(new Database({ path, writer: null, reader, waitMs }), identity, now);
  });
}
