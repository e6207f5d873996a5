import { guardRepository } from '../src/repository/guard/guarded-repository.ts';
import type { RunRepository, RunToSave } from '../src/repository/run-repository.ts';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.ts';

/** Opens a SQLite store as everybody does: behind the guard, with everything on. */
export async function openRepository(path: string): Promise<RunRepository> {
  return guardRepository(await openSqliteStore({ path }));
}

/** Makes a database with the store's own tables and these runs. */
export async function makeDatabase(path: string, runs: Iterable<RunToSave> = []): Promise<void> {
  const repository = await openRepository(path);
  await repository.saveMany(runs);
  await repository.close();
}
