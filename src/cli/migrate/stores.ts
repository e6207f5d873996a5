import type { StoreConfiguration } from '../../config/store-configuration.ts';
import { nameOfStore } from '../name-of-store.ts';
import { storeNamed } from '../store-access.ts';
import { refuseMemory, refuseOneInOther } from '../two-stores.ts';

/** The two stores of a migration. */
export interface TwoStores {
  source: StoreConfiguration;
  target: StoreConfiguration;
  /** Their names, for people. */
  from: string;
  to: string;
}

/** Reads which stores are meant. Throws UsageError where `twoStores` does. */
export async function readTwoStores(options: {
  from: string;
  to: string;
  config?: string;
}): Promise<TwoStores> {
  const source = await storeNamed(options.from, '--from', options.config);
  const target = await storeNamed(options.to, '--to', options.config);
  return twoStores(source, target, '--from and --to');
}

/**
 * The same of stores that are known; `both` is what they are called. Throws UsageError where they are one,
 * one lies in the other, or one is in memory.
 */
export function twoStores(
  source: StoreConfiguration,
  target: StoreConfiguration,
  both: string,
): TwoStores {
  for (const store of [source, target]) refuseMemory(store);
  refuseOneInOther(source, target, both);
  return { source, target, from: nameOfStore(source), to: nameOfStore(target) };
}
