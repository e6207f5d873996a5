import { loadConfiguration } from '../../config/load-configuration.ts';
import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { openRunStore } from '../../open-repository.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { nameOfStore } from '../name-of-store.ts';
import { openWithProgress } from '../open-with-progress.ts';
import { refuseOneInOther } from '../two-stores.ts';

/** The two stores of a migration. */
export interface TwoStores {
  source: StoreConfiguration;
  target: StoreConfiguration;
  /** Their names, for people. */
  from: string;
  to: string;
}

/** Reads which stores are meant. Throws UsageError where they are one, or one lies in the other. */
export async function readTwoStores(options: {
  from: string;
  to: string;
  config?: string;
}): Promise<TwoStores> {
  const source = await storeNamed(options.from, '--from', options.config);
  const target = await storeNamed(options.to, '--to', options.config);
  return twoStores(source, target);
}

/** The same of stores that are known. */
export function twoStores(source: StoreConfiguration, target: StoreConfiguration): TwoStores {
  refuseOneInOther(source, target);
  return { source, target, from: nameOfStore(source), to: nameOfStore(target) };
}

/** The store that an option names, as all of the configuration says. */
export async function storeNamed(
  store: string,
  storeName: string,
  config: string | undefined,
): Promise<StoreConfiguration> {
  return (await loadConfiguration({ store, storeName, file: config })).database;
}

/** Opens a store that runs are moved from: as a store, which has a ledger, and as it is. */
export function openSource(source: StoreConfiguration): Promise<RunStore> {
  return openWithProgress((progress) =>
    openRunStore(source, { create: false, synchronize: false, ...progress }),
  );
}
