import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { RunledgerError } from '../../repository/errors.ts';
import type { Migration } from '../sql/migrations.ts';
import type { StatementLog } from '../sql/statement-log.ts';
import { Connection, orClose } from './connection.ts';
import { patiently } from './patience.ts';
import { readSchemaState } from './schema-state.ts';

/** More makes nothing faster that was measured, and each store that is open takes it. */
const WRITER = 'PRAGMA cache_size = -8000';
const READER = 'PRAGMA cache_size = -8000; PRAGMA query_only = ON';

/** How connections are opened. */
export interface ConnectionsOptions {
  /** Absolute. */
  path: string;
  waitMs: number;
  /** The migrations that the database may have: with others it is refused. */
  migrations: readonly Migration[];
  log?: StatementLog | undefined;
}

/** Opens a connection that writes, on a database that is ours or still empty. */
export async function openWriter(options: ConnectionsOptions): Promise<Connection> {
  const { path, waitMs, migrations, log } = options;
  const db = new Connection({ place: path, log });
  return await orClose(db, async () => {
    // What is not ours is refused before anything about it is changed.
    await patiently(waitMs, () => readSchemaState(db, path, migrations));
    await patiently(waitMs, () => db.get('PRAGMA journal_mode = WAL'));
    db.script(WRITER);
    return db;
  });
}

/** Opens the connection that reads beside a writer. */
export function openReader({ path, log }: Pick<ConnectionsOptions, 'path' | 'log'>): Connection {
  const db = new Connection({ place: path, log });
  db.script(READER);
  return db;
}

/**
 * Opens a connection to a database that cannot be written. SQLite needs to write beside a database
 * even to read it, unless it knows that nobody changes it: that is taken to be so where no log lies
 * beside it. With a log, what it holds could not be seen, and the answer is READ_ONLY instead.
 */
export async function openReadOnly(options: ConnectionsOptions): Promise<Connection> {
  const { path, waitMs, migrations, log } = options;
  const db = new Connection({ place: path, readOnly: true, log });
  return await orClose(db, async () => {
    try {
      await patiently(waitMs, () => readSchemaState(db, path, migrations));
      return db;
    } catch (error) {
      if (error instanceof RunledgerError) throw error;
      db.close();
      if (hasLog(path)) throw unseenLog(path, error);
      return new Connection({
        place: `${pathToFileURL(path).href}?immutable=1`,
        readOnly: true,
        log,
      });
    }
  });
}

function hasLog(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0;
}

function unseenLog(path: string, cause: unknown): RunledgerError {
  const message = `${path} cannot be read where it lies: beside it is a log with changes that are not in it yet.`;
  return new RunledgerError('READ_ONLY', message, {
    cause,
    hint: `Copy it together with ${path}-wal to a place that can be written, and open it there.`,
  });
}
