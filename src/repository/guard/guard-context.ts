import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../domain/run-id.ts';
import { RunledgerError } from '../errors.ts';
import type { RunStore, RunStoreAccess } from '../run-store.ts';

/** What the guard's parts share: the access to runs that they work on, and the clock. */
export interface GuardContext {
  /** The store, or a transaction of it. */
  access: RunStoreAccess;
  now: () => number;
}

/** The time as it is stored. */
export function timeNow({ now }: GuardContext): string {
  return new Date(now()).toISOString();
}

/** A new run id. */
export function newRunId({ now }: GuardContext): string {
  return uuidV7(now(), randomBytes(10));
}

/** A transaction whose callback the current code was started from, directly or not. */
interface Surrounding {
  store: RunStore;
  isOver: boolean;
}

const inside = new AsyncLocalStorage<readonly Surrounding[]>();

/** Runs a transaction's callback so that `refuseInside` knows of it. */
export async function runInside<T>(store: RunStore, work: () => Promise<T>): Promise<T> {
  const surrounding = { store, isOver: false };
  try {
    return await inside.run([...(inside.getStore() ?? []), surrounding], work);
  } finally {
    // What the callback started and left running is not in the transaction any more.
    surrounding.isOver = true;
  }
}

/**
 * Refuses what would wait for the very transaction that it is called from: it would stand still until
 * the time limit.
 */
export function refuseInside(store: RunStore, method: string): void {
  const isInside = inside.getStore()?.some((one) => one.store === store && !one.isOver);
  if (!isInside) return;
  throw new RunledgerError('IN_TRANSACTION', `${method}() was called inside a transaction.`, {
    hint: 'Inside, write through the repository that the callback was given; transactions do not nest.',
  });
}
