import { join } from 'node:path';
import { openFileStore } from '../../../src/stores/file/open-file-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import type { OpenStore } from './world.ts';

/**
 * A way to open fresh stores of each kind, for the test that asks. The memory store is among them: it
 * is then held against itself, and its ledger against what was seen of its runs.
 */
export const STORES: Readonly<Record<string, () => OpenStore>> = {
  memory: () => async (now) => openMemoryStore({ now }),
  file: () => {
    const folder = folderInMemory();
    let count = 0;
    return (now) => openFileStore({ path: join(folder, `${count++}`), now });
  },
  sqlite: () => {
    const folder = folderInMemory();
    let count = 0;
    return (now) => openSqliteStore({ path: join(folder, `${count++}.db`), now });
  },
};
