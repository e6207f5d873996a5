import { type Command, Option } from 'commander';
import { DEFAULT_PLACES, describeTarget, readStoreTarget } from '../config/store-target.ts';
import { openRunRepository, openRunStore } from '../open-repository.ts';
import { isRunledgerError, RunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import type { RunStore } from '../repository/run-store.ts';
import { callOf } from './how-to-call.ts';

/** What `addStoreOption` reads. */
export interface StoreOption {
  store: string;
}

/** Adds `--store`, which names the store that a command works on. */
export function addStoreOption(command: Command): Command {
  return command.addOption(
    new Option('--store <store>', 'the store: sqlite or sqlite:<file>').default(
      'sqlite',
      DEFAULT_PLACES.sqlite,
    ),
  );
}

/** The store in words, with its place resolved: `sqlite:/home/me/data/claude-runs.db`. */
export function nameOfStore(store: string): string {
  return describeTarget(readStoreTarget(store));
}

/** Calls back with a repository over the store and closes it. A store that is not there is MISSING. */
export async function withRepository<T>(
  { store }: StoreOption,
  use: (repository: RunRepository) => Promise<T>,
  { create = false }: { create?: boolean } = {},
): Promise<T> {
  const repository = await orMissing(store, () => openRunRepository(store, { create }));
  return using(repository, use);
}

/** The same with the port, for the commands that look after a store. */
export async function withStore<T>(
  { store }: StoreOption,
  use: (store: RunStore) => Promise<T>,
  { create = false }: { create?: boolean } = {},
): Promise<T> {
  const opened = await orMissing(store, () => openRunStore(store, { create }));
  return using(opened, use);
}

/** Calls back with something that is open, and closes it whatever happens. */
export async function using<R extends { close(): Promise<void> }, T>(
  resource: R,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await use(resource);
  } finally {
    await resource.close();
  }
}

/** Only a command knows with which command a person begins. */
async function orMissing<T>(store: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw isRunledgerError(error, 'MISSING') ? missing(store, error) : error;
  }
}

/** What a command says for a store that is not there: where it looked, and how to begin. */
export function missing(store: string, cause?: unknown): RunledgerError {
  return new RunledgerError('MISSING', `There is no store at ${nameOfStore(store)}.`, {
    ...(cause !== undefined && { cause }),
    hint: `"${callOf('start')}" makes one; --store names another.`,
  });
}
