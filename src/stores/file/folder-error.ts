import { RunledgerError } from '../../repository/errors.ts';

/** The failure for a folder that cannot be read. */
export function unreadableFolder(folder: string, cause: unknown): RunledgerError {
  const code = codeOf(cause);
  if (code === 'ENOENT') {
    return new RunledgerError('MISSING', `There is no folder "${folder}".`, {
      cause,
      hint: 'Check the path; a relative one starts at the folder that the program runs in.',
    });
  }
  if (code === 'ENOTDIR') {
    return new RunledgerError('CORRUPT', `"${folder}" is not a folder.`, {
      cause,
      hint: 'Name the folder that holds the run files; a database is named as sqlite:<path>.',
    });
  }
  return new RunledgerError('STORE_FAILED', `The folder "${folder}" cannot be read (${code}).`, {
    cause,
    hint: isForbidden(code)
      ? 'Give this user the permission to read and enter the folder.'
      : 'See the cause; a disk or a network share may have failed.',
  });
}

/** A failure of the system while a folder was changed, under the name that it has here. */
export function unwritableFolder(folder: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RunledgerError('FULL', `There is no space left in "${folder}".`, {
      cause,
      hint: 'Free some space and try again: what was acknowledged before is safe.',
    });
  }
  if (isForbidden(code)) return onlyReadableFolder(folder, cause);
  return new RunledgerError('STORE_FAILED', `"${folder}" could not be written (${code}).`, {
    cause,
    hint: 'See the cause; a disk or a network share may have failed.',
  });
}

/** The failure for a folder that somebody else changes for too long. */
export function busyFolder(folder: string, cause: unknown): RunledgerError {
  return new RunledgerError('BUSY', `Another process keeps the folder "${folder}" to itself.`, {
    cause,
    hint: 'See which program has it open; a long transaction holds it for its whole time. Then try again.',
  });
}

/** The failure for a folder that is not there any more. */
export function goneFolder(folder: string): RunledgerError {
  return new RunledgerError(
    'STORE_FAILED',
    `The folder "${folder}" was moved, deleted or replaced while it was open.`,
    { hint: 'Put it back, or open the store again to use what is there now.' },
  );
}

/** The failure for a write to a folder that can only be read. */
export function onlyReadableFolder(folder: string, cause?: unknown): RunledgerError {
  return new RunledgerError('READ_ONLY', `"${folder}" can only be read here.`, {
    ...(cause !== undefined && { cause }),
    hint: 'Give this user the right to write the folder and .runledger in it, or copy it elsewhere.',
  });
}

/** Whether the system refuses a call for lack of rights, not for something that went wrong. */
export function isRefusal(error: unknown): boolean {
  return isForbidden(codeOf(error));
}

function isForbidden(code: string): boolean {
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
