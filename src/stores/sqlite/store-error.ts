import { type ErrorCode, RunledgerError } from '../../repository/errors.ts';
import { moved } from '../../repository/transfer.ts';
import { decodeText } from '../sql/text-encoding.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) and what they mean here. */
const MEANINGS: Readonly<Record<number, ErrorCode>> = {
  5: 'BUSY',
  6: 'BUSY',
  8: 'READ_ONLY',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'READ_ONLY',
  // SQLITE_PROTOCOL: several processes opened the same new file and none got its turn.
  15: 'BUSY',
  26: 'CORRUPT',
};
/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow. */
const NO_SPACE_FOR_WAL_INDEX = 4874;

/** SQLITE_CONSTRAINT_TRIGGER: by the fence of the store, or by a trigger that people made. */
const REFUSED_BY_TRIGGER = 1811;
/** What the fence begins its message with; the place that the store was moved to follows. */
export const FENCE_MESSAGE = 'runledger: moved to ';

/** Failures of the file system, when a folder is made or a file looked at. */
const FILE_MEANINGS: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'FULL',
  EDQUOT: 'FULL',
  EROFS: 'READ_ONLY',
  EACCES: 'READ_ONLY',
  EPERM: 'READ_ONLY',
  ENOENT: 'MISSING',
  ENOTDIR: 'MISSING',
};

const TEXTS: Readonly<Partial<Record<ErrorCode, readonly [what: string, hint: string]>>> = {
  BUSY: [
    'Another process kept the database locked for longer than the waiting time',
    'See which program has it open; a long transaction holds it for its whole time. Then try again.',
  ],
  READ_ONLY: [
    'The database lies where this process may not read and write as it needs to',
    'Give this user the right to write the file and its folder, or name another place.',
  ],
  CORRUPT: [
    'The file is damaged, or is no SQLite database',
    'Name the right file, or restore the last backup. Nothing was changed.',
  ],
  FULL: [
    'There is no space left where the database lies',
    'Free some space and try again: what was acknowledged before is safe.',
  ],
  MISSING: [
    'There is no database at that place',
    'Check the path; a store is created where none is unless that was forbidden.',
  ],
  STORE_FAILED: [
    'The database failed',
    'This failure has no name of its own; its cause says more.',
  ],
};

/** Whether a failure means that somebody else has the lock, so that waiting may help. */
export function isBusy(error: unknown): boolean {
  return meaningOf(error) === 'BUSY';
}

/** The failure of the driver or file system under the name that it has here. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof RunledgerError || error instanceof TypeError) return error;
  const { errcode, message = '' } = error as { errcode?: unknown; message?: string };
  if (errcode === REFUSED_BY_TRIGGER && message.startsWith(FENCE_MESSAGE)) {
    return moved(decodeText(message.slice(FENCE_MESSAGE.length)));
  }
  const code = meaningOf(error);
  const [what, hint] = TEXTS[code] ?? ['', ''];
  const detail = error instanceof Error ? error.message : String(error);
  return new RunledgerError(code, `${what}: ${path} (${detail}).`, { cause: error, hint });
}

function meaningOf(error: unknown): ErrorCode {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (errcode === NO_SPACE_FOR_WAL_INDEX) return 'FULL';
  const meaning =
    typeof errcode === 'number' ? MEANINGS[errcode & 0xff] : FILE_MEANINGS[String(code)];
  return meaning ?? 'STORE_FAILED';
}
