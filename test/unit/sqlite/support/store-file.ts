import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { RunStore } from '../../../../src/repository/run-store.ts';
import {
  openSqliteStore,
  type SqliteStoreOptions,
} from '../../../../src/stores/sqlite/open-sqlite-store.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A path in a new folder, where no database is yet. */
export function newPath(): string {
  return join(temporaryFolder(), 'runs.db');
}

/** Opens a store that is closed when the test ends. */
export async function openStore(options: SqliteStoreOptions): Promise<RunStore> {
  const store = await openSqliteStore(options);
  onTestFinished(() => store.close());
  return store;
}

/** The rows of a query, read beside the store, as anybody with a database tool reads them. */
export function rowsOf(path: string, sql: string): Record<string, unknown>[] {
  return withDatabase(path, (database) => database.prepare(sql).all());
}

/** What a query of one value answers. */
export function singleValue(path: string, sql: string): unknown {
  return Object.values(rowsOf(path, sql)[0] ?? {})[0];
}

/** How SQLite carries a statement out, as one line. */
export function planOf(path: string, sql: string): string {
  const steps = rowsOf(path, `EXPLAIN QUERY PLAN ${sql}`);
  return steps.map(({ detail }) => String(detail)).join(' | ');
}

/** Changes a database behind the store's back. */
export function change(path: string, sql: string): void {
  withDatabase(path, (database) => database.exec(sql));
}

function withDatabase<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
