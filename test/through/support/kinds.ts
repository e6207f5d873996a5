import { join } from 'node:path';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openFileStore } from '../../../src/stores/file/open-file-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';

/** A kind of store: how one is opened in an empty folder, and whether it is there again afterwards. */
export interface Kind {
  name: string;
  isDurable: boolean;
  open(folder: string): Promise<RunStore>;
}

/** Every kind that runs are copied between. */
export const KINDS = {
  memory: { name: 'memory', isDurable: false, open: async () => openMemoryStore() },
  file: { name: 'file', isDurable: true, open: (folder) => openFileStore({ path: folder }) },
  sqlite: {
    name: 'sqlite',
    isDurable: true,
    open: (folder) => openSqliteStore({ path: join(folder, 'runs.db') }),
  },
} as const satisfies Record<string, Kind>;

/** A fresh store of a kind, in a folder that goes when the test ends. */
export function openFresh({ open }: Kind): Promise<RunStore> {
  return open(folderInMemory());
}
