import type { AgentRun } from '../../domain/run.ts';
import { runFileName } from './folder-names.ts';

/** A file that holds a run: what is needed to choose between files of one id. */
export interface RunClaim {
  name: string;
  id: string;
  digest: string;
  startedAt: string;
  completedAt: string | undefined;
}

/** Remembers the claim of a file without the texts of its run. */
export function claimOf(
  name: string,
  { run, digest }: { run: AgentRun; digest: string },
): RunClaim {
  const { id, startedAt, completedAt } = run;
  return { name, id, digest, startedAt, completedAt };
}

/**
 * The name of the file that counts for a run of which several files hold a state: the one that is named
 * by its id, else the `holder` where there is one, which held it so far and cannot be read; else the one
 * that completed later, then that which started later, then by name. There must be a claim.
 */
export function countingFile(claims: readonly RunClaim[], holder?: string): string {
  const named = claims.find(({ name, id }) => name === runFileName(id));
  return named?.name ?? holder ?? claims.toSorted(compareStates)[0]?.name ?? '';
}

/** Why a file does not count, for a person who compares it with the one that does. */
export function whySpare({ id, ...state }: RunClaim, winner: string): string {
  return `The file holds run ${id} as well, ${storyOf(state)}, but "${winner}" is taken for it. Compare the two and delete one.`;
}

/** Puts the later state of a run first. */
function compareStates(a: RunClaim, b: RunClaim): number {
  return (
    descending(a.completedAt ?? '', b.completedAt ?? '') ||
    descending(a.startedAt, b.startedAt) ||
    descending(b.name, a.name)
  );
}

function storyOf({ startedAt, completedAt }: Omit<RunClaim, 'id'>): string {
  return completedAt === undefined ? `started at ${startedAt}` : `completed at ${completedAt}`;
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}
