import type { RunStore } from './run-store.ts';

/**
 * Every digest that a run has had in a store, oldest first, as far as its ledger still tells; today's
 * among them. Cost grows with the run's changes.
 */
export async function pastDigests(store: RunStore, id: string): Promise<string[]> {
  const changes = await store.history(id);
  return changes.flatMap(({ digest }) => digest ?? []);
}
