import { InvalidRun } from './invalid-run.ts';
import { isPlainObject } from './json.ts';
import { normalizeRun } from './normalize-run.ts';
import type { AgentRun, RunError } from './run.ts';
import { OLD_STATUS_WORDS } from './status.ts';

/** What a run with the old word TIMEOUT is given when it tells no error of its own. */
const TIMEOUT_ERROR: RunError = {
  code: 'TIMEOUT',
  message: 'The run took longer than its time limit.',
  recoverable: true,
};

/**
 * Reads a run as older writers left it: their status words become those of today, and the word found
 * is kept in `metadata.sourceStatus`. A TIMEOUT without an error gets one. Fields that nobody knows
 * are kept. The result is in the form of `normalizeRun` and shares nothing with the value given.
 *
 * Throws `InvalidRun` with every field that is wrong, or with `metadata.sourceStatus` where something
 * else is kept under that name already.
 */
export function readOldRun(value: unknown): AgentRun {
  if (!isPlainObject(value) || typeof value.status !== 'string') return normalizeRun(value);
  const word = value.status;
  const status = Object.hasOwn(OLD_STATUS_WORDS, word) ? OLD_STATUS_WORDS[word] : undefined;
  if (status === undefined) return normalizeRun(value);
  const metadata = value.metadata ?? {};
  if (isPlainObject(metadata)) refuseOtherWord(metadata.sourceStatus, word);
  return normalizeRun({
    ...value,
    status,
    error: value.error ?? (word === 'TIMEOUT' ? TIMEOUT_ERROR : undefined),
    // A metadata that is no object is left for the check to name.
    metadata: isPlainObject(metadata) ? { ...metadata, sourceStatus: word } : metadata,
  });
}

function refuseOtherWord(found: unknown, word: string): void {
  if (found === undefined || found === word) return;
  const problem = `is there already, and is where the old status word ${word} would be kept; rename one of them`;
  throw new InvalidRun([{ path: 'metadata.sourceStatus', problem }]);
}
