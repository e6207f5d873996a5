import { RunledgerError } from '../../repository/errors.ts';
import type { Migration } from '../sql/migrations.ts';
import type { Connection } from './connection.ts';
import { readSchemaState } from './schema-state.ts';

const VERSIONS = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT`;

/**
 * Applies one migration after another, each in a transaction with its row of `schema_migrations`
 * first, and gives the names of those it applied. What is pending is asked for again under the write
 * lock, so that of several processes that start at once each migration is applied by one.
 */
export function applyMigrations(
  db: Connection,
  path: string,
  known: readonly Migration[],
  now: number,
): string[] {
  const applied: string[] = [];
  while (readSchemaState(db, path, known).pending.length > 0) {
    db.transaction('IMMEDIATE', () => {
      const [next] = readSchemaState(db, path, known).pending;
      if (next === undefined) return;
      db.script(VERSIONS);
      const row = [next.number, next.name, now];
      db.run('INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)', row);
      db.script(next.sql);
      applied.push(next.name);
    });
  }
  return applied;
}

/** Refuses a database that lacks migrations, with SCHEMA_OLDER: for who may not apply them. */
export function refusePendingMigrations(
  db: Connection,
  path: string,
  known: readonly Migration[],
): void {
  const { pending } = readSchemaState(db, path, known);
  if (pending.length > 0) throw schemaOlder(path, pending);
}

/** The failure for a database that lacks these migrations. */
export function schemaOlder(path: string, pending: readonly Migration[]): RunledgerError {
  const names = pending.map(({ name }) => name).join(', ');
  const message = `${path} lacks ${names}, and \`synchronize\` is off.`;
  return new RunledgerError('SCHEMA_OLDER', message, {
    hint: `Run: runledger schema --apply --store sqlite:${path}`,
  });
}
