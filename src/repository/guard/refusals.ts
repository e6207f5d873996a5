import type { RunStatus } from '../../domain/run.ts';
import { RunledgerError } from '../errors.ts';
import type { WriteOutcome } from '../write-operation.ts';

/** A conflict that the store met. */
export type Conflict = Extract<WriteOutcome, { result: 'conflict' }>;

/** The failure for a run that is not there. */
export function notFound(id: string): RunledgerError {
  return new RunledgerError('NOT_FOUND', `There is no run ${id}.`, {
    hint: 'list() and search() give the ids that there are.',
  });
}

/** The failure for a step that the table of statuses does not have. */
export function badTransition(id: string, from: RunStatus, to: RunStatus): RunledgerError {
  return new RunledgerError('TRANSITION', `Run ${id} is ${from} and cannot become ${to}.`, {
    hint:
      to === 'RETRYING'
        ? 'A FAILED run becomes RETRYING by retry(), which queues its repetition with it.'
        : 'docs/contract.md has the table of what a status may become.',
  });
}

/** The failure for a write that did not find what it expected. */
export function conflictError({ id, over, found }: Conflict, wanted: RunStatus): RunledgerError {
  if (over === 'statuses' && found !== null) return badTransition(id, found.status, wanted);
  if (over === 'sameParent') {
    return new RunledgerError('CONFLICT', `Run ${id} is a retry under way of another run.`, {
      hint: 'Save it with the parentRunId that it has: its parent is waiting for it.',
    });
  }
  const state = found === null ? 'is not stored' : `is at version ${found.version}`;
  return new RunledgerError('CONFLICT', `Run ${id} ${state}: somebody else changed it.`, {
    hint: 'Read it again, make the change to what is there now, and save that.',
  });
}
