import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { digestOf } from '../../src/domain/canonical.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { openFileStore } from '../../src/stores/file/open-file-store.ts';
import { openSqliteStore } from '../../src/stores/sqlite/open-sqlite-store.ts';
import { runsOf } from '../support/list-source.ts';
import { freshSchema, newestServer, openStore } from '../support/postgres/fresh-store.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { missingOf } from '../support/test-where.ts';
import { CLAUDE_RUNS, corpusTest } from './corpus-test.ts';

async function digestsIn(store: RunStore): Promise<Map<string, string>> {
  return new Map((await runsOf(store)).map((run) => [run.id, digestOf(run)]));
}

const server = newestServer();

const title = 'the corpus goes from files to SQLite, PostgreSQL and files, every digest equal';

corpusTest(
  title,
  async () => {
    const folder = join(folderInMemory(), 'claude-runs');
    cpSync(CLAUDE_RUNS, folder, { recursive: true });
    const { url } = await freshSchema(server);
    const stores = [
      await openFileStore({ path: folder }),
      await openSqliteStore({ path: join(folderInMemory(), 'runs.db') }),
      await openStore(url),
      await openFileStore({ path: folderInMemory() }),
    ] as const;
    const [files, sqlite, postgres, back] = stores;
    const whole = { read: 263, written: 263, verified: 263, differences: [] };
    expect(await copyRuns(await storeSource(files), sqlite)).toMatchObject(whole);
    expect(await copyRuns(await storeSource(sqlite), postgres)).toMatchObject(whole);
    expect(await copyRuns(await storeSource(postgres), back)).toMatchObject(whole);
    const again = { read: 263, written: 0, unchanged: 263, differences: [] };
    expect(await copyRuns(await storeSource(back), postgres)).toMatchObject(again);
    const digests = await digestsIn(files);
    for (const store of stores) expect(await digestsIn(store)).toEqual(digests);
    // What could not be read as a run goes along.
    expect(await postgres.quarantined()).toHaveLength(11);
    for (const store of stores) await store.close();
  },
  { missing: missingOf(server) },
);
