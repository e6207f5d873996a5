import type { SchemaMigration } from '../../repository/schema-migration.ts';
import { applyMigrations, storeMigrations } from './apply-migrations.ts';
import type { Database } from './database.ts';
import { openDatabase, type PostgresStoreOptions } from './open-postgres-store.ts';
import { readSchemaState } from './schema-state.ts';

/**
 * The migrations that this program knows, and which of them a schema has; one without tables has none.
 * Changes nothing. Rejects as opening does.
 */
export function readPostgresSchema(options: PostgresStoreOptions): Promise<SchemaMigration[]> {
  return withDatabase(options, migrationsOf);
}

/**
 * Applies the migrations that are pending, to a new schema too, and tells which they were. Several
 * processes may do so at once: each migration is applied by one of them.
 */
export function applyPostgresSchema(options: PostgresStoreOptions): Promise<SchemaMigration[]> {
  return withDatabase(options, async (database) => {
    const applied = await applyMigrations(database, storeMigrations(), Date.now);
    return (await migrationsOf(database)).filter(({ name }) => applied.includes(name));
  });
}

function migrationsOf(database: Database): Promise<SchemaMigration[]> {
  const known = storeMigrations();
  return database.read(
    async (db) => (await readSchemaState(db, database.location, known)).migrations,
  );
}

async function withDatabase<T>(
  options: PostgresStoreOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = openDatabase({ ...options, poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
