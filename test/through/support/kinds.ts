import { join } from 'node:path';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openFileStore } from '../../../src/stores/file/open-file-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import {
  freshSchema,
  type LeasedSchema,
  newestServer,
  openStore,
} from '../../support/postgres/fresh-store.ts';
import type { ServerAddress } from '../../support/postgres/global-setup.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { missingOf } from '../../support/test-where.ts';

/** A kind of store: how one is opened in an empty folder, and whether it is there again afterwards. */
export interface Kind {
  name: string;
  isDurable: boolean;
  /** What it needs and is not here, so that its tests skip. */
  missing?: string | null;
  /** `now` is the clock. */
  open(folder: string, now?: () => number): Promise<RunStore>;
  /** Opens one that nobody will open again, where that is cheaper. */
  openFresh?(now?: () => number): Promise<RunStore>;
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
  postgres: onServer(newestServer(), 'postgres'),
} as const satisfies Record<string, Kind>;

/** Stores on a server. Who opens one in a folder again has the same schema. */
export function onServer(server: ServerAddress, name = server.name): Kind {
  const schemas = new Map<string, Promise<LeasedSchema>>();
  const schemaOf = (folder: string) => {
    const schema = schemas.get(folder) ?? freshSchema(server);
    schemas.set(folder, schema);
    return schema;
  };
  const openIn = ({ url }: LeasedSchema, now: (() => number) | undefined) =>
    openStore(url, { ...(now && { now }) });
  return {
    name,
    isDurable: true,
    missing: missingOf(server),
    open: async (folder, now) => openIn(await schemaOf(folder), now),
    async openFresh(now) {
      const schema = await freshSchema(server);
      const store = await openIn(schema, now);
      const close = async () => {
        await store.close();
        schema.giveBack();
      };
      return { ...store, close };
    },
  };
}

/** A fresh store of a kind, in a place that goes when the test ends. */
export function openFresh(kind: Kind, now?: () => number): Promise<RunStore> {
  return kind.openFresh?.(now) ?? kind.open(folderInMemory(), now);
}

/** Every two kinds, in both orders. */
export const PAIRS: readonly (readonly [from: Kind, to: Kind])[] = Object.values(KINDS).flatMap(
  (from) => Object.values(KINDS).flatMap((to) => (from === to ? [] : [[from, to] as const])),
);
