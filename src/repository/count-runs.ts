import type { NormalFilter } from '../domain/filter.ts';
import type { RunStoreAccess } from './run-store.ts';

/**
 * How many of the runs that match are there to be read: those that retention took out are left out. Rejects
 * as the store does.
 */
export async function countRuns(store: RunStoreAccess, filter: NormalFilter = {}): Promise<number> {
  const { totalRuns, retiredRuns } = await store.statistics(filter);
  return totalRuns - retiredRuns;
}
