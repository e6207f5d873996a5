import { digestOf } from '../domain/canonical.ts';
import { undoOverwritten } from '../domain/overwritten.ts';
import type { AgentRun } from '../domain/run.ts';
import { RunledgerError } from './errors.ts';
import type { HistoryEntry, LedgerEntry } from './run-store.ts';

/** Whether a run that looks so is what this change made of it. Null is a run that is not there. */
export function holdsAfter(entry: HistoryEntry, after: AgentRun | null): boolean {
  return entry.digest === (after && digestOf(after));
}

/**
 * What a run was before a change, from what it was after it: only for what `holdsAfter` the change. Throws
 * CORRUPT for an update of a run that is not there.
 */
export function stateBefore(entry: HistoryEntry, after: AgentRun | null): AgentRun | null {
  if (entry.operation === 'insert') return null;
  if (entry.operation === 'delete') return entry.overwrote;
  if (after === null) throw doesNotHold(entry);
  return undoOverwritten(after, entry.overwrote);
}

/** The failure for a change that did not leave what the ledger says it did. */
export function doesNotHold({ runId, at }: LedgerEntry): RunledgerError {
  const message = `What run ${runId} was after its change of ${at} cannot be told: it was changed past the ledger.`;
  return new RunledgerError('CORRUPT', message, {
    hint: 'Go back to a later moment, or restore a backup. Nothing was changed.',
  });
}
