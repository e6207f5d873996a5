import { join } from 'node:path';
import { loadMigrations, type Migration } from '../../sql/migrations.ts';
import type { Connection } from '../connection/connection.ts';
import type { Database } from '../connection/database.ts';
import { createIdentity } from '../store-identity.ts';
import {
  buildIndex,
  type ConcurrentIndex,
  inTurnOfBuilders,
  type OnBuilding,
} from './build-index.ts';
import { readSchemaState } from './schema-state.ts';

/** The migrations that make a store, in their order. */
export function storeMigrations(): Migration[] {
  return loadMigrations(join(import.meta.dirname, '../migrations'));
}

/** How migrations are applied. */
export interface ApplyOptions {
  now: () => number;
  onBuilding?: OnBuilding | undefined;
}

const SCHEMA = "SELECT FROM pg_catalog.pg_namespace WHERE oid = to_regnamespace('{s}')";
const VERSIONS = `CREATE TABLE IF NOT EXISTS {s}.schema_migrations (
  number integer PRIMARY KEY,
  name text NOT NULL,
  -- 'building' while indexes are built outside a transaction, else 'done'.
  state text NOT NULL,
  applied_at timestamptz(3) NOT NULL
)`;
/** A row that says 'building' is from a try that came to no end. */
const ROW = `INSERT INTO {s}.schema_migrations (number, name, state, applied_at)
  VALUES ($1::int, $2::text, $3::text, $4::timestamptz)
  ON CONFLICT (number) DO UPDATE SET state = excluded.state, applied_at = excluded.applied_at
  WHERE schema_migrations.state = 'building'`;
/** One lock for all stores of a database: migrations are rare. */
const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('runledger migrations', 0))";
/** Who waits for a table keeps everybody waiting who comes after: not for long. */
const SHORT_LOCKS = "SET LOCAL lock_timeout = '30s'";
/** What a file consists of that builds an index while others write. */
const CONCURRENT_INDEX = /^(?:--[^\n]*\n|\s)*CREATE INDEX CONCURRENTLY (\w+)\s+(ON [^;]+);\s*$/;

/**
 * Applies one migration after another, each in a transaction with its row of `schema_migrations` first,
 * and gives the names of those it applied. What is pending is asked for again under a lock, so that of
 * several processes that start at once each migration is applied by one. A file that is one `CREATE
 * INDEX CONCURRENTLY {s}…` runs outside a transaction, and its row says so meanwhile.
 */
export async function applyMigrations(
  database: Database,
  known: readonly Migration[],
  options: ApplyOptions,
): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    const next = await database.migrate(async (db) => {
      await db.rows(ONE_AT_A_TIME);
      const first = await firstPending(db, database.location, known);
      if (first !== undefined && concurrentIndexOf(first) === null) {
        await db.script(SHORT_LOCKS);
        await apply(db, first, options.now());
      }
      return first;
    });
    if (next === undefined) return applied;
    const index = concurrentIndexOf(next);
    const isOurs = index === null || (await build(database, known, { next, index, ...options }));
    if (isOurs) applied.push(next.name);
  }
}

async function firstPending(
  db: Connection,
  location: string,
  known: readonly Migration[],
): Promise<Migration | undefined> {
  return (await readSchemaState(db, location, known)).pending[0];
}

function concurrentIndexOf({ sql }: Migration): ConcurrentIndex | null {
  const [, name, definition] = CONCURRENT_INDEX.exec(sql) ?? [];
  return name === undefined || definition === undefined ? null : { name, definition };
}

async function apply(db: Connection, migration: Migration, now: number): Promise<void> {
  // Making a schema asks for a right on the database, even where it is there.
  if ((await db.rows(SCHEMA)).length === 0) await db.script('CREATE SCHEMA {s}');
  await db.script('SET LOCAL search_path TO {s}');
  await db.script(VERSIONS);
  await writeRow(db, migration, 'done', now);
  await db.script(migration.sql);
  if (migration.number === 1) await createIdentity(db);
}

async function writeRow(
  db: Connection,
  { number, name }: Migration,
  state: 'building' | 'done',
  now: number,
): Promise<void> {
  await db.rows(ROW, [number, name, state, new Date(now).toISOString()]);
}

/** False when somebody else built the index while this call waited for its turn. */
function build(
  database: Database,
  known: readonly Migration[],
  { next, index, now, onBuilding }: ApplyOptions & { next: Migration; index: ConcurrentIndex },
): Promise<boolean> {
  return inTurnOfBuilders(database, async () => {
    const first = await database.read((db) => firstPending(db, database.location, known));
    if (first?.number !== next.number) return false;
    await database.write((db) => writeRow(db, next, 'building', now()));
    await buildIndex(database, index, onBuilding);
    await database.write((db) => writeRow(db, next, 'done', now()));
    return true;
  });
}
