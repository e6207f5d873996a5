import { RunledgerError } from '../../repository/errors.ts';

/** What the system says that a place is no folder, or no file. */
const NOT_A_FOLDER = ['ENOTDIR', 'EEXIST'];
const REFUSALS = ['EACCES', 'EPERM', 'EROFS'];
const NO_SPACE = ['ENOSPC', 'EDQUOT'];

/**
 * A failure of the system at a backup or a folder of them that is read, under the name that it has here:
 * MISSING or STORE_FAILED. Any other failure is given as it is.
 */
export function unreadablePlace(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === null) return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new RunledgerError('MISSING', `There is no backup at ${path}.`, {
      cause,
      hint: 'Name a backup, or a folder of them.',
    });
  }
  return new RunledgerError('STORE_FAILED', `${path} cannot be read (${code}).`, {
    cause,
    hint: REFUSALS.includes(code)
      ? 'Give this user the right to read it and to enter the folders above it.'
      : DISK,
  });
}

/** The same where something is written: FULL, READ_ONLY, MISSING or STORE_FAILED. */
export function unwritablePlace(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === null) return cause;
  if (isFull(cause)) {
    return new RunledgerError('FULL', `There is no space left for ${path}. It was not written.`, {
      cause,
      hint: 'Free some space, or name another place.',
    });
  }
  if (REFUSALS.includes(code)) {
    return new RunledgerError('READ_ONLY', `${path} may not be written (${code}).`, {
      cause,
      hint: 'Give this user the right to write the folder, or name another place.',
    });
  }
  if (NOT_A_FOLDER.includes(code)) {
    return new RunledgerError('MISSING', `${path} lies in what is no folder.`, {
      cause,
      hint: 'A file stands where a folder is meant: name another place.',
    });
  }
  return new RunledgerError('STORE_FAILED', `${path} could not be written (${code}).`, {
    cause,
    hint: DISK,
  });
}

/** Whether the system says that there is no space left. */
export function isFull(error: unknown): boolean {
  return NO_SPACE.includes((error as NodeJS.ErrnoException).code ?? '');
}

const DISK = 'See the code; a disk or a network share may have failed.';

/** Null for what is no failure of the system. */
function codeOf(cause: unknown): string | null {
  if (!(cause instanceof Error) || !('syscall' in cause)) return null;
  return (cause as NodeJS.ErrnoException).code ?? null;
}
