import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { digestOf } from '../../src/domain/canonical.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { openFileStore } from '../../src/stores/file/open-file-store.ts';
import { openSqliteStore } from '../../src/stores/sqlite/open-sqlite-store.ts';
import { hashFolder } from '../faults/support/hash-folder.ts';
import { edit, runsOf } from '../support/list-source.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { CLAUDE_RUNS, corpusTest } from './corpus-test.ts';
import { naiveFigures, naiveRuns } from './naive-reading.ts';

/** The digest of every run of a store, by id. */
async function digestsIn(store: RunStore): Promise<Map<string, string>> {
  return new Map((await runsOf(store)).map((run) => [run.id, digestOf(run)]));
}

/** Every file of a folder of runs but ours, by its hash. */
function filesIn(folder: string): Record<string, string> {
  const hashes = Object.entries(hashFolder(folder));
  return Object.fromEntries(hashes.filter(([name]) => !name.startsWith('.runledger')));
}

/** A copy of the corpus that is open as a store, beside an empty database. */
async function openBoth() {
  const folder = join(folderInMemory(), 'claude-runs');
  cpSync(CLAUDE_RUNS, folder, { recursive: true });
  const files = await openFileStore({ path: folder });
  const sqlite = await openSqliteStore({ path: join(folderInMemory(), 'runs.db') });
  return { folder, files, sqlite };
}

describe('the corpus as a store of files', () => {
  corpusTest('holds what its files say: 263 runs, 11 files aside, the figures', async () => {
    const { files, sqlite, folder } = await openBoth();
    expect(await runsOf(files)).toHaveLength(263);
    expect(await files.quarantined(`file:${folder}`)).toHaveLength(11);
    const figures = naiveFigures(naiveRuns(folder));
    expect(await files.statistics({})).toMatchObject(figures.counts);
    await files.close();
    await sqlite.close();
  });

  corpusTest('goes to SQLite and back: every digest equal, no file touched', async () => {
    const { folder, files, sqlite } = await openBoth();
    const before = filesIn(folder);
    const there = await copyRuns(await storeSource(files), sqlite);
    expect(there).toMatchObject({ read: 263, written: 263, verified: 263, differences: [] });
    expect(there.setAside).toHaveLength(11);
    const back = await copyRuns(await storeSource(sqlite), files);
    expect(back).toMatchObject({ read: 263, written: 0, unchanged: 263, verified: 263 });
    expect(back.differences).toEqual([]);
    expect(await digestsIn(files)).toEqual(await digestsIn(sqlite));
    expect(filesIn(folder)).toEqual(before);
    await files.close();
    await sqlite.close();
  });

  corpusTest('takes one edited run back into one file, and touches no other', async () => {
    const { folder, files, sqlite } = await openBoth();
    await copyRuns(await storeSource(files), sqlite);
    const before = filesIn(folder);
    const [run] = await runsOf(sqlite);
    if (run === undefined) expect.fail('the corpus is empty');
    await edit(sqlite, { ...run, branch: 'edited there' });
    const back = await copyRuns(await storeSource(sqlite), files);
    expect(back).toMatchObject({ written: 1, unchanged: 262, verified: 263, differences: [] });
    const after = filesIn(folder);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).toHaveLength(1);
    expect((await files.read([run.id])).get(run.id)?.branch).toBe('edited there');
    await files.close();
    await sqlite.close();
  });

  corpusTest('goes from SQLite into a new folder, and from there on, digests equal', async () => {
    const { files, sqlite } = await openBoth();
    await copyRuns(await storeSource(files), sqlite);
    const folder = folderInMemory();
    const fresh = await openFileStore({ path: folder });
    const written = { read: 263, written: 263, verified: 263, differences: [] };
    expect(await copyRuns(await storeSource(sqlite), fresh)).toMatchObject(written);
    expect(Object.keys(filesIn(folder))).toHaveLength(263);
    const digests = await digestsIn(sqlite);
    await fresh.close();
    const opened = await openFileStore({ path: folder });
    expect(await digestsIn(opened)).toEqual(digests);
    for (const store of [files, sqlite, opened]) await store.close();
  });
});
