import type { StoreConfiguration } from '../config/store-configuration.ts';
import { describeTarget, readStoreTarget } from '../config/store-target.ts';
import { masked } from './output/masked.ts';

/** The store in words, with its place resolved: `sqlite:/home/me/data/claude-runs.db`. */
export function nameOfStore(store: string | StoreConfiguration): string {
  return masked(describeTarget(readStoreTarget(store)));
}
