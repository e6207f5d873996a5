import { lookAtFile } from './look-at-file.ts';
import { readRunFile } from './read-run-file.ts';

/** How a file stands to a change of its run. */
export type FileStanding = 'before' | 'gone' | 'other';

/** A file as it was when its run was about to change. */
export interface FileBefore {
  runId: string;
  name: string;
  /** Null where there was none. */
  seen: number | null;
  /** The digest of the run in it; null where it held none. */
  was: string | null;
}

/**
 * Whether a file is still what it was. A signature alone does not tell: to copy a folder, to link a file
 * or to change its permissions gives it another one.
 */
export function standingOf(
  folder: string,
  { runId, name, seen, was }: FileBefore,
): { standing: FileStanding; signature: number | null } {
  const { signature } = lookAtFile(folder, name);
  if (signature === null) return { standing: 'gone', signature };
  if (signature === seen) return { standing: 'before', signature };
  if (seen === null) return { standing: 'other', signature };
  const file = readRunFile(folder, name);
  const isSame = file.kind === 'run' ? file.run.id === runId && file.digest === was : was === null;
  return { standing: isSame ? 'before' : 'other', signature };
}
