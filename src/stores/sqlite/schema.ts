import { dirname, resolve } from 'node:path';
import type { SchemaMigration } from '../../repository/schema-migration.ts';
import { applyMigrations } from './apply-migrations.ts';
import { type Connection, orClose } from './connection.ts';
import { makeFolder } from './make-folder.ts';
import { storeMigrations } from './migrations.ts';
import { openReadOnly, openWriter } from './open-connections.ts';
import { BUSY_TIMEOUT_MS } from './open-database.ts';
import { patiently } from './patience.ts';
import { hasFile } from './place.ts';
import { readSchemaState } from './schema-state.ts';
import { storeError } from './store-error.ts';

/**
 * The migrations that this program knows, and which of them a database file has; where there is no
 * file, it has none. Changes nothing. Rejects as opening does.
 */
export function readSqliteSchema(path: string): Promise<SchemaMigration[]> {
  return named(path, async (place) => {
    if (hasFile(place)) return await withConnection(openReadOnly, place, migrationsOf);
    return storeMigrations().map(({ number, name }) => ({ number, name, appliedAt: null }));
  });
}

/**
 * Applies the migrations that are pending, to a new file too, and tells which they were. Several
 * processes may do so at once: each migration is applied by one of them.
 */
export function applySqliteSchema(path: string): Promise<SchemaMigration[]> {
  return named(path, async (place) => {
    await makeFolder(dirname(place));
    return await withConnection(openWriter, place, (db) => {
      const applied = applyMigrations(db, place, storeMigrations(), Date.now());
      return migrationsOf(db, place).filter(({ name }) => applied.includes(name));
    });
  });
}

async function withConnection<T>(
  open: typeof openWriter,
  path: string,
  work: (db: Connection, path: string) => T,
): Promise<T> {
  const db = await open({ path, waitMs: BUSY_TIMEOUT_MS, migrations: storeMigrations() });
  const result = await orClose(db, () => patiently(BUSY_TIMEOUT_MS, () => work(db, path)));
  db.close();
  return result;
}

function migrationsOf(db: Connection, path: string): SchemaMigration[] {
  return readSchemaState(db, path, storeMigrations()).migrations;
}

async function named<T>(path: string, work: (place: string) => Promise<T>): Promise<T> {
  const place = resolve(path);
  try {
    return await work(place);
  } catch (error) {
    throw storeError(error, place);
  }
}
