import { join } from 'node:path';

/** The kinds of store that lie on a disk. */
export const DURABLE_KINDS = ['sqlite', 'file'] as const;

/** One of them. */
export type DurableKind = (typeof DURABLE_KINDS)[number];

/** The address of a store of a kind in a folder. */
export function addressIn(folder: string, kind: DurableKind, name = 'runs'): string {
  return kind === 'sqlite' ? `sqlite:${join(folder, `${name}.db`)}` : `file:${join(folder, name)}`;
}

/** Where a store lies. */
export function pathOf(store: string): string {
  return store.replace(/^\w+:/, '');
}

/** The database that a store is, or by which its files are found. */
export function databaseOf(store: string): string {
  const path = pathOf(store);
  return store.startsWith('sqlite:') ? path : join(path, '.runledger', 'index.db');
}
