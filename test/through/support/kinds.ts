import { join } from 'node:path';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openFileStore } from '../../../src/stores/file/open-file-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { freshSchema, newestServer, openStore } from '../../support/postgres/fresh-store.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';

/** A kind of store: how one is opened in an empty folder, and whether it is there again afterwards. */
export interface Kind {
  name: string;
  isDurable: boolean;
  /** It needs something that is not here, and its tests skip. */
  isMissing?: boolean;
  /** `now` is the clock. */
  open(folder: string, now?: () => number): Promise<RunStore>;
}

/** Every kind that runs are copied between. */
export const KINDS = {
  memory: {
    name: 'memory',
    isDurable: false,
    open: async (_, now) => openMemoryStore({ now: now ?? Date.now }),
  },
  file: {
    name: 'file',
    isDurable: true,
    open: (folder, now) => openFileStore({ path: folder, now }),
  },
  sqlite: {
    name: 'sqlite',
    isDurable: true,
    open: (folder, now) => openSqliteStore({ path: join(folder, 'runs.db'), ...(now && { now }) }),
  },
  postgres: {
    name: 'postgres',
    isDurable: true,
    isMissing: newestServer().url === null,
    open: async (folder, now) => openStore(await schemaOf(folder), { ...(now && { now }) }),
  },
} as const satisfies Record<string, Kind>;

/** The schemas of tests, by their folders: who opens a store in a folder again has the same one. */
const schemas = new Map<string, Promise<string>>();

function schemaOf(folder: string): Promise<string> {
  const known = schemas.get(folder) ?? freshSchema(newestServer());
  schemas.set(folder, known);
  return known;
}

/** A fresh store of a kind, in a folder that goes when the test ends. */
export function openFresh({ open }: Kind, now?: () => number): Promise<RunStore> {
  return open(folderInMemory(), now);
}

/** Every two kinds, in both orders. */
export const PAIRS: readonly (readonly [from: Kind, to: Kind])[] = Object.values(KINDS).flatMap(
  (from) => Object.values(KINDS).flatMap((to) => (from === to ? [] : [[from, to] as const])),
);
