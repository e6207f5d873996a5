import { resolve } from 'node:path';
import type { RunStore } from '../../repository/run-store.ts';
import { storeMigrations } from './migrations.ts';
import { type DatabaseOptions, openDatabase } from './open-database.ts';
import { sqliteRunStore } from './sqlite-run-store.ts';

/** How a SQLite store is opened. By default it is made where there is none, and brought up to date. */
export type SqliteStoreOptions = Pick<DatabaseOptions, 'path'> &
  Partial<Omit<DatabaseOptions, 'path' | 'migrations'>>;

/** Opens the store in a database file; a relative path is one in the working directory. */
export async function openSqliteStore({
  path,
  synchronize = true,
  create = true,
  now = Date.now,
  ...others
}: SqliteStoreOptions): Promise<RunStore> {
  const { database, identity } = await openDatabase({
    path: resolve(path),
    migrations: storeMigrations(),
    synchronize,
    create,
    now,
    ...others,
  });
  return sqliteRunStore(database, identity, now);
}
