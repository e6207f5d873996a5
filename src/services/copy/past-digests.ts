import { digestOf } from '../../domain/canonical.ts';
import type { RunStore } from '../../repository/run-store.ts';

/**
 * Every digest that a run has had in a store, as far as its ledger still tells; today's among them.
 * Cost grows with the run's changes.
 */
export async function pastDigests(store: RunStore, id: string): Promise<string[]> {
  const digests = new Set<string>();
  for (const entry of await store.history(id)) {
    if (entry.digest !== null) digests.add(entry.digest);
    if (entry.operation === 'delete') digests.add(digestOf(entry.overwrote));
  }
  return [...digests];
}
