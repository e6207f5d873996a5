import { join } from 'node:path';
import { loadMigrations, type Migration } from '../sql/migrations.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { readSchemaState } from './schema-state.ts';
import { createIdentity } from './store-identity.ts';

/** The migrations that make a store, in their order. */
export function storeMigrations(): Migration[] {
  return loadMigrations(join(import.meta.dirname, 'migrations'));
}

const SCHEMA = "SELECT FROM pg_catalog.pg_namespace WHERE oid = to_regnamespace('{s}')";
const VERSIONS = `CREATE TABLE IF NOT EXISTS {s}.schema_migrations (
  number integer PRIMARY KEY,
  name text NOT NULL,
  -- 'building' while indexes are built outside a transaction, else 'done'.
  state text NOT NULL,
  applied_at timestamptz(3) NOT NULL
)`;
const ROW = `INSERT INTO {s}.schema_migrations (number, name, state, applied_at)
  VALUES ($1::int, $2::text, $3::text, $4::timestamptz)`;
/** One lock for all stores of a database: migrations are rare. */
const TAKE_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('runledger migrations', 0))";

/**
 * Applies one migration after another, each in a transaction with its row of `schema_migrations` first,
 * and gives the names of those it applied. What is pending is asked for again under a lock, so that of
 * several processes that start at once each migration is applied by one.
 */
export async function applyMigrations(
  database: Database,
  known: readonly Migration[],
  now: () => number,
): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    const next = await database.migrate(async (db) => {
      await db.rows(TAKE_TURN);
      const [first] = (await readSchemaState(db, database.location, known)).pending;
      if (first !== undefined) await apply(db, first, now());
      return first;
    });
    if (next === undefined) return applied;
    applied.push(next.name);
  }
}

async function apply(db: Connection, migration: Migration, now: number): Promise<void> {
  const { number, name, sql } = migration;
  // Making a schema asks for a right on the database, even where it is there.
  if ((await db.rows(SCHEMA)).length === 0) await db.script('CREATE SCHEMA {s}');
  await db.script('SET LOCAL search_path TO {s}');
  await db.script(VERSIONS);
  await db.rows(ROW, [number, name, 'done', new Date(now).toISOString()]);
  await db.script(sql);
  if (number === 1) await createIdentity(db);
}
