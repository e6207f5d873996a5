import { join } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import { lookAtFile } from './look-at-file.ts';
import { readRunFile } from './read-run-file.ts';

/**
 * How a file stands to a change of its run: as it was, not there, holding another run, or changed by
 * somebody else.
 */
export type FileStanding = 'before' | 'gone' | 'taken' | 'other';

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
 * or to change its permissions gives it another one. Throws STORE_FAILED where that cannot be told.
 */
export function standingOf(
  folder: string,
  { runId, name, seen, was }: FileBefore,
): { standing: FileStanding; signature: number | null } {
  const { signature } = lookAtFile(folder, name);
  if (signature === null) return { standing: 'gone', signature };
  if (signature === seen) return { standing: 'before', signature };
  const file = readRunFile(folder, name);
  if (file.kind === 'run') {
    const isSame = file.digest === was && seen !== null;
    const standing = file.run.id !== runId ? 'taken' : isSame ? 'before' : 'other';
    return { standing, signature };
  }
  // That nothing could be read tells nothing of what is in it.
  if (file.bytes === null && was !== null) throw unreadableNow(join(folder, name), file.reason);
  return { standing: seen !== null && was === null ? 'before' : 'other', signature };
}

function unreadableNow(path: string, reason: string): RunledgerError {
  return new RunledgerError('STORE_FAILED', `"${path}" cannot be read.`, { hint: reason });
}
