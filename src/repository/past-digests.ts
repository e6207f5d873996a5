import type { LedgerEntry, RunStore } from './run-store.ts';

/**
 * Every digest that a run has had in a store, oldest first, as far as its ledger still tells; today's
 * among them. Cost grows with the run's changes.
 */
export async function pastDigests(store: RunStore, id: string): Promise<string[]> {
  return digestsOf(await store.history(id));
}

/** The digests that these changes left, in their order. */
export function digestsOf(changes: readonly LedgerEntry[]): string[] {
  return changes.flatMap(({ digest }) => digest ?? []);
}
