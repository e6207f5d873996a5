import type { AgentRun, StoredRun } from '../../domain/run.ts';
import type { HistoryEntry } from '../../repository/run-store.ts';
import { doesNotHold, holdsAfter, stateBefore } from '../../repository/undo-change.ts';

/**
 * What a run was before some of its changes, which are given oldest first and follow one another; null
 * where it was not there. `kept` is the change before them, where the ledger still has it: the run gets
 * its version back, and its time where nothing tells it better. Throws CORRUPT where what the ledger
 * says does not hold.
 */
export function runBefore(
  now: AgentRun | null,
  changes: readonly HistoryEntry[],
  kept: HistoryEntry | undefined,
): StoredRun | null {
  let state = now;
  let createdAt = now?.createdAt;
  for (const entry of changes.toReversed()) {
    if (!holdsAfter(entry, state)) throw doesNotHold(entry);
    state = stateBefore(entry, state);
    createdAt = state?.createdAt ?? createdAt;
  }
  // What is left must be what the change made of it that stays.
  if (kept !== undefined && !holdsAfter(kept, state)) throw doesNotHold(kept);
  if (state === null) return null;
  const first = changes[0];
  const at = kept?.at ?? createdAt ?? first?.at ?? '';
  return {
    ...state,
    version: state.version ?? kept?.version ?? Math.max(1, (first?.version ?? 2) - 1),
    createdAt: createdAt ?? at,
    updatedAt: state.updatedAt ?? at,
  };
}
