import assert from 'node:assert/strict';
import { digestOf } from '../domain/canonical.ts';
import type { AgentRun } from '../domain/run.ts';
import type { RunStore } from '../repository/run-store.ts';
import { stateBefore } from '../repository/undo-change.ts';

/**
 * Every state that a run has had, oldest first, beginning with null: undone step by step from what is
 * stored, by what the ledger kept. Fails where a state does not have the digest that the ledger says.
 */
export async function formerStates(store: RunStore, id: string): Promise<(AgentRun | null)[]> {
  const history = await store.history(id);
  let state: AgentRun | null = (await store.read([id])).get(id) ?? null;
  const states = [state];
  for (const entry of history.toReversed()) {
    assert.equal(entry.runId, id);
    assert.equal(state === null ? null : digestOf(state), entry.digest, `${id} at ${entry.cursor}`);
    state = stateBefore(entry, state);
    states.push(state);
  }
  assert.equal(state, null, `the history of ${id} does not begin with its insert`);
  return states.toReversed();
}
