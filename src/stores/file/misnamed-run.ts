import type { AgentRun } from '../../domain/run.ts';

/** A run whose file is not named by its id: what is needed to choose between files of one id. */
export interface MisnamedRun {
  name: string;
  id: string;
  digest: string;
  startedAt: string;
  completedAt: string | undefined;
}

/** Remembers a misnamed run without its texts. */
export function misnamedRun(
  name: string,
  { run, digest }: { run: AgentRun; digest: string },
): MisnamedRun {
  const { id, startedAt, completedAt } = run;
  return { name, id, digest, startedAt, completedAt };
}

/** Puts the later state of a run first: by when it completed, when it started, then by name. */
export function compareStates(a: MisnamedRun, b: MisnamedRun): number {
  return (
    descending(a.completedAt ?? '', b.completedAt ?? '') ||
    descending(a.startedAt, b.startedAt) ||
    descending(b.name, a.name)
  );
}

/** In which state the file has the run, for a person who compares two. */
export function storyOf({ startedAt, completedAt }: MisnamedRun): string {
  return completedAt === undefined ? `started at ${startedAt}` : `completed at ${completedAt}`;
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}
