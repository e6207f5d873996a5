import { loadConfiguration } from '../../config/load-configuration.ts';
import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { nameOfStore } from '../name-of-store.ts';
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
