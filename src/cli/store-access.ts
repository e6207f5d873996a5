import { type Command, Option } from 'commander';
import { DEFAULT_PLACES } from '../config/default-places.ts';
import { type OpenOptions, openRunRepository, openRunStore } from '../open-repository.ts';
import { isRunledgerError, RunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import type { RunStore } from '../repository/run-store.ts';
import { callOnStore, DEFAULT_STORE, rememberStore } from './how-to-call.ts';
import { nameOfStore } from './name-of-store.ts';

/** What `addStoreOption` reads. */
export interface StoreOption {
  store: string;
}

/** Adds `--store`, which names the store that a command works on. */
export function addStoreOption(command: Command): Command {
  return command
    .addOption(
      new Option('--store <store>', 'the store: sqlite or sqlite:<file>').default(
        DEFAULT_STORE,
        DEFAULT_PLACES.sqlite,
      ),
    )
    .hook('preAction', (_, action) => rememberStore(action.opts<StoreOption>().store));
}

/**
 * What a command does to a store: `read` leaves even an older schema as it is, `change` brings it up
 * to date, `create` also makes a store that is not there.
 */
export type StoreUse = 'read' | 'change' | 'create';

/** Calls back with a repository over the store and closes it. A store that is not there is MISSING. */
export async function withRepository<T>(
  { store }: StoreOption,
  kind: StoreUse,
  use: (repository: RunRepository) => Promise<T>,
): Promise<T> {
  const repository = await orMissing(store, () => openRunRepository(store, openOptions(kind)));
  return using(repository, use);
}

/** The same with the port, for the commands that look after a store. */
export async function withStore<T>(
  { store }: StoreOption,
  kind: StoreUse,
  use: (store: RunStore) => Promise<T>,
): Promise<T> {
  const opened = await orMissing(store, () => openRunStore(store, openOptions(kind)));
  return using(opened, use);
}

function openOptions(kind: StoreUse): OpenOptions {
  return { create: kind === 'create', ...(kind === 'read' && { synchronize: false }) };
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
    if (isRunledgerError(error, 'MISSING')) throw missing(store, error);
    throw isRunledgerError(error, 'SCHEMA_OLDER') ? older(error) : error;
  }
}

/** What a command says for a store that is not there: where it looked, and how to begin. */
export function missing(store: string, cause?: unknown): RunledgerError {
  return new RunledgerError('MISSING', `There is no store at ${nameOfStore(store)}.`, {
    ...(cause !== undefined && { cause }),
    hint: `"${callOnStore('start')}" makes one; --store names another.`,
  });
}

/** Commands that only look change nothing in a store, its schema neither. */
function older(cause: RunledgerError): RunledgerError {
  return new RunledgerError(cause.code, cause.message.replace(/, and `synchronize` is off/, ''), {
    cause,
    hint: `"${callOnStore('schema --apply')}" brings it up to date.`,
  });
}
