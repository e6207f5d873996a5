import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { Migration } from '../sql/migrations.ts';
import type { StatementLog } from '../sql/statement-log.ts';
import { applyMigrations, refusePendingMigrations, schemaOlder } from './apply-migrations.ts';
import { orClose } from './connection.ts';
import { Database } from './database.ts';
import { makeFolder } from './make-folder.ts';
import {
  type ConnectionsOptions,
  openReader,
  openReadOnly,
  openWriter,
} from './open-connections.ts';
import { patiently } from './patience.ts';
import { hasFile, mayWrite } from './place.ts';
import { storeError } from './store-error.ts';
import { readIdentity, type StoreIdentity } from './store-identity.ts';

/** How a database file is opened. */
export interface DatabaseOptions {
  /** The database file, absolute. */
  path: string;
  /** The migrations that make it what it is to be. */
  migrations: readonly Migration[];
  /** True: apply the migrations that are pending. False: reject with SCHEMA_OLDER. */
  synchronize: boolean;
  /** True: make the file, and its folder, when there is none. False: reject with MISSING. */
  create: boolean;
  /** How long to wait while another process has the lock, in milliseconds. Default 30,000. */
  busyTimeoutMs?: number | undefined;
  /** The clock, in milliseconds since 1970. */
  now: () => number;
  /** Is told about every statement. */
  logging?: StatementLog | undefined;
}

/** A database file that is open, and who it is. */
export interface OpenDatabase {
  database: Database;
  identity: StoreIdentity;
}

/** How long others are waited for unless it is said. */
export const BUSY_TIMEOUT_MS = 30_000;

/**
 * Opens a database file and brings its schema up to date. Where the file or its folder cannot be
 * written it is opened for reading alone, and every write is answered with READ_ONLY.
 *
 * Rejects with MISSING, READ_ONLY, CORRUPT (damaged, or of another program), SCHEMA_NEWER,
 * SCHEMA_OLDER, BUSY, FULL, and with UNSUPPORTED on a Node before 24.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { path } = options;
  try {
    await prepareFile(options);
    const isNew = !hasFile(path);
    return isNew || mayWrite(path) ? await openForWriting(options) : await openForReading(options);
  } catch (error) {
    throw storeError(error, path);
  }
}

/** Refuses a file that is not there and may not be made, else makes the folder for it. */
async function prepareFile(options: DatabaseOptions): Promise<void> {
  const { path, create, synchronize, migrations } = options;
  const isThere = hasFile(path);
  // SQLite takes an empty file for a database that is still to be made.
  if (isThere && (create || statSync(path).size > 0)) return;
  if (!create) {
    throw new RunledgerError('MISSING', `There is no database at ${path}.`, {
      hint: 'Check the path; a relative one starts at the folder that the program runs in.',
    });
  }
  if (!synchronize) throw schemaOlder(path, migrations);
  await makeFolder(dirname(path));
}

async function openForWriting(options: DatabaseOptions): Promise<OpenDatabase> {
  const { path, migrations, synchronize, now } = options;
  const connections = connectionsOf(options);
  const { waitMs } = connections;
  const writer = await openWriter(connections);
  return await orClose(writer, async () => {
    await patiently(waitMs, () =>
      synchronize
        ? applyMigrations(writer, path, migrations, now())
        : refusePendingMigrations(writer, path, migrations),
    );
    const identity = await patiently(waitMs, () => readIdentity(writer, path, true));
    const reader = openReader(connections);
    return { database: new Database({ path, writer, reader, waitMs }), identity };
  });
}

async function openForReading(options: DatabaseOptions): Promise<OpenDatabase> {
  const { path, migrations } = options;
  const connections = connectionsOf(options);
  const reader = await openReadOnly(connections);
  return await orClose(reader, async () => {
    refusePendingMigrations(reader, path, migrations);
    const identity = readIdentity(reader, path, false);
    const { waitMs } = connections;
    return { database: new Database({ path, writer: null, reader, waitMs }), identity };
  });
}

function connectionsOf(options: DatabaseOptions): ConnectionsOptions {
  const { path, migrations, busyTimeoutMs = BUSY_TIMEOUT_MS, logging } = options;
  return { path, migrations, waitMs: busyTimeoutMs, log: logging };
}
