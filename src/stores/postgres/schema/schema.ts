import type { OptionalIndex, SchemaMigration } from '../../../repository/schema-migration.ts';
import type { Database } from '../connection/database.ts';
import { type OpenDatabaseOptions, openDatabase } from '../connection/open-database.ts';
import { type ApplyOptions, applyMigrations, storeMigrations } from './apply-migrations.ts';
import type { OnBuilding } from './build-index.ts';
import { readEnglishIndex, settleEnglishIndex } from './english-index.ts';
import { readSchemaState } from './schema-state.ts';

/** Whose schema it is, and how it is to be. */
export interface SchemaOptions extends OpenDatabaseOptions {
  /** Whether there is to be an index for people's own searches in English; undefined leaves it. */
  postgresEnglishIndex?: boolean;
}

/**
 * The migrations that this program knows, and which of them a schema has; one without tables has none.
 * Changes nothing. Rejects as opening does.
 */
export function readPostgresSchema(options: SchemaOptions): Promise<SchemaMigration[]> {
  return withDatabase(options, migrationsOf);
}

/** The indexes that the configuration has a say in, and whether they are there. Changes nothing. */
export function readPostgresIndexes(options: SchemaOptions): Promise<OptionalIndex[]> {
  return withDatabase(options, async (database) => [
    await readEnglishIndex(database, options.postgresEnglishIndex),
  ]);
}

/**
 * Applies the migrations that are pending, to a new schema too, and tells which they were; then builds
 * or drops what the configuration wants otherwise. Several processes may do so at once: each step is
 * done by one of them. Indexes are built while others write, and take as long as they need.
 */
export function applyPostgresSchema(
  options: SchemaOptions,
  onBuilding?: OnBuilding,
): Promise<SchemaMigration[]> {
  return withDatabase(options, async (database) => {
    const applied = await bringUpToDate(database, options, { now: Date.now, onBuilding });
    return (await migrationsOf(database)).filter(({ name }) => applied.includes(name));
  });
}

/** The same when a store is opened. */
export async function synchronizeSchema(
  options: SchemaOptions,
  applying: ApplyOptions,
): Promise<void> {
  await withDatabase(options, (database) => bringUpToDate(database, options, applying));
}

async function bringUpToDate(
  database: Database,
  { postgresEnglishIndex }: SchemaOptions,
  applying: ApplyOptions,
): Promise<string[]> {
  const applied = await applyMigrations(database, storeMigrations(), applying);
  await settleEnglishIndex(database, postgresEnglishIndex, applying.onBuilding);
  return applied;
}

function migrationsOf(database: Database): Promise<SchemaMigration[]> {
  const known = storeMigrations();
  return database.read(
    async (db) => (await readSchemaState(db, database.location, known)).migrations,
  );
}

/** One connection holds the lock of builders, one builds, one looks how far that is. */
const CONNECTIONS = 3;

async function withDatabase<T>(
  options: SchemaOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  // What takes long here is not to be cut off.
  const limits = { statementTimeoutMs: 0, lockTimeoutMs: 0, poolSize: CONNECTIONS };
  const database = openDatabase({ ...options, ...limits });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
