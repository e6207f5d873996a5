import type { openRunRepository } from '../open-repository.ts';

/** What `openRunRepository` takes: a kind, a URL or a configuration. */
export type StorageTarget = Parameters<typeof openRunRepository>[0];

/** A kind of store, or a URL. One letter before the colon is a drive of Windows, so a path. */
const NAMES_STORE = /^(?:(?:file|memory|postgres|sqlite)$|[a-z][a-z0-9+.-]+:)/i;

/** The target of an old storage: a plain path is the folder of run files that the old class took. */
export function asStorageTarget(storage: StorageTarget): StorageTarget {
  const isPath = typeof storage === 'string' && !NAMES_STORE.test(storage);
  return isPath ? { type: 'file', database: storage } : storage;
}
