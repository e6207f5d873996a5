import { digestOf } from '../domain/canonical.ts';
import type { AgentRun } from '../domain/run.ts';
import type { HistoryEntry, RunStore } from './run-store.ts';
import { holdsAfter, stateBefore } from './undo-change.ts';

/**
 * Every digest that a run has had in a store, oldest first, as far as its ledger still tells; today's
 * among them. Cost grows with the run's changes. Rejects as the store does.
 */
export async function pastDigests(store: RunStore, id: string): Promise<string[]> {
  return pastDigestsOf(store, await store.history(id));
}

/** The same, from the history of the run. */
export async function pastDigestsOf(
  store: RunStore,
  history: readonly HistoryEntry[],
): Promise<string[]> {
  const before = await firstOverwritten(store, history);
  const after = history.flatMap(({ digest }) => digest ?? []);
  return before === null ? after : [digestOf(before), ...after];
}

/**
 * What the oldest change kept overwrote, where the change that made it is forgotten. Null where there was
 * no run, and where it cannot be told: the run was changed past the ledger, or since it was read.
 */
async function firstOverwritten(
  store: RunStore,
  history: readonly HistoryEntry[],
): Promise<AgentRun | null> {
  const [first] = history;
  if (first === undefined || first.operation === 'insert') return null;
  // A deletion kept the run whole: what came after it tells nothing of what was before.
  const deletion = history.find(({ operation }) => operation === 'delete');
  const updates = deletion ? history.slice(0, history.indexOf(deletion)) : history;
  let state = deletion
    ? stateBefore(deletion, null)
    : ((await store.read([first.runId])).get(first.runId) ?? null);
  for (const update of updates.toReversed()) {
    if (!holdsAfter(update, state)) return null;
    state = stateBefore(update, state);
  }
  return state;
}
