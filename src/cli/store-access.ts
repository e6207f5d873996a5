import type { Command } from 'commander';
import { type LoadedConfiguration, loadConfiguration } from '../config/load-configuration.ts';
import type { StoreConfiguration } from '../config/store-configuration.ts';
import { type OpenOptions, openRunRepository, openRunStore } from '../open-repository.ts';
import { isRunledgerError, RunledgerError } from '../repository/errors.ts';
import type { RunRepository } from '../repository/run-repository.ts';
import type { RunStore } from '../repository/run-store.ts';
import { callOnStore, rememberStore } from './how-to-call.ts';
import { nameOfStore } from './name-of-store.ts';
import { openWithProgress } from './open-with-progress.ts';

/** What `addStoreFlags` reads. */
export interface StoreFlags {
  store?: string;
  config?: string;
}

/** What a command is given that works on a store: the store as all of the configuration says. */
export interface StoreOption {
  store: StoreConfiguration;
}

/** Adds `--config`, which names the configuration. */
export function addConfigOption(command: Command): Command {
  return command.option(
    '--config <file>',
    'the configuration (default: runledger.config.yaml here)',
  );
}

/** Adds `--store`, which names the store that a command works on, and `--config`. */
export function addStoreFlags(command: Command): Command {
  command.option(
    '--store <store>',
    'the store: sqlite, file, sqlite:<file>, file:<folder>,\npostgres://… (default: as configured)',
  );
  return addConfigOption(command);
}

/** Loads the configuration as these options would have it. From now on, calls name the same store. */
export async function loadStore({ store, config }: StoreFlags): Promise<LoadedConfiguration> {
  const loaded = await loadConfiguration({ store, file: config });
  rememberStore({ store, config, resolved: loaded.database });
  return loaded;
}

/** The store that an option of this name was given, by the configuration where that says more. */
export async function storeNamed(
  store: string,
  storeName: string,
  config: string | undefined,
): Promise<StoreConfiguration> {
  return (await loadConfiguration({ store, storeName, file: config })).database;
}

/** Adds both options. The action gets in `store` what they and the configuration come to. */
export function addStoreOption(command: Command): Command {
  return addStoreFlags(command).hook('preAction', async (_, action) => {
    const { database } = await loadStore(action.opts<StoreFlags>());
    action.setOptionValue('store', database);
  });
}

/**
 * What a command does to a store: `read` leaves even an older schema as it is, `change` brings it up
 * to date, `create` also makes a store that is not there, `fill` makes it whatever `synchronize` says.
 */
export type StoreUse = 'read' | 'change' | 'create' | 'fill';

/** Calls back with a repository over the store and closes it. A store that is not there is MISSING. */
export async function withRepository<T>(
  { store }: StoreOption,
  kind: StoreUse,
  use: (repository: RunRepository) => Promise<T>,
): Promise<T> {
  const repository = await orMissing(store, () =>
    openWithProgress((progress) => openRunRepository(store, { ...openOptions(kind), ...progress })),
  );
  return using(repository, use);
}

/** The same with the port, for the commands that look after a store. */
export async function withStore<T>(
  { store }: StoreOption,
  kind: StoreUse,
  use: (store: RunStore) => Promise<T>,
): Promise<T> {
  return using(await orMissing(store, () => openStore(store, kind)), use);
}

/** Opens the port over a store that a command was given beside `--store`, and shows how far that is. */
export function openStore(store: StoreConfiguration, kind: StoreUse): Promise<RunStore> {
  return openWithProgress((progress) => openRunStore(store, { ...openOptions(kind), ...progress }));
}

function openOptions(kind: StoreUse): OpenOptions {
  if (kind === 'fill') return { setUp: true };
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
async function orMissing<T>(store: StoreConfiguration, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (isRunledgerError(error, 'MISSING')) {
      // What a server says is missing, such as the database, it says best itself.
      throw store.type === 'postgres' && error.cause !== undefined ? error : missing(store, error);
    }
    throw isRunledgerError(error, 'SCHEMA_OLDER') ? older(error) : error;
  }
}

/** What a command says for a store that is not there: where it looked, and how to begin. */
export function missing(store: StoreConfiguration, cause?: unknown): RunledgerError {
  return new RunledgerError('MISSING', `There is no store at ${nameOfStore(store)}.`, {
    ...(cause !== undefined && { cause }),
    hint: `"${callOnStore(store.type === 'postgres' ? 'schema --apply' : 'start')}" makes one; --store names another.`,
  });
}

/** Commands that only look change nothing in a store, its schema neither. */
function older(cause: RunledgerError): RunledgerError {
  return new RunledgerError(cause.code, cause.message.replace(/, and `synchronize` is off/, ''), {
    cause,
    hint: `"${callOnStore('schema --apply')}" brings it up to date.`,
  });
}
