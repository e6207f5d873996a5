import { isPlainObject } from '../domain/json.ts';
import { readOldRun } from '../domain/old-run.ts';
import type * as domain from '../domain/run.ts';
import { OLD_STATUS_WORDS } from '../domain/status.ts';
import { asInvalid } from '../repository/guard/check-arguments.ts';
import type { AgentRun } from './agent-run.ts';

/**
 * The run that an application means, in the form of the contract. Old status words are read as what
 * they mean today. The result shares nothing with the run given. Throws INVALID naming each field that
 * is wrong, and a TypeError for what is no run at all.
 */
export function fromOldShape(run: AgentRun): domain.AgentRun {
  if (!isPlainObject(run)) throw new TypeError('A run must be a plain object.');
  return asInvalid('run', () => readOldRun(withoutEarlierWord(run)));
}

/**
 * A stored run as the old class returned it: times as Dates, and nothing else turned into one.
 *
 * Version and stamps are left out. An old application keeps a run and saves it again and again; with
 * the version of its first state, the second save would be a CONFLICT.
 */
export function toOldShape(run: domain.StoredRun): AgentRun {
  const { version: _v, createdAt: _c, updatedAt: _u, startedAt, completedAt, ...rest } = run;
  const old = {
    ...rest,
    startedAt: new Date(startedAt),
    ...(completedAt !== undefined && { completedAt: new Date(completedAt) }),
  };
  // The old types know no null: see AgentRun.
  return old as AgentRun;
}

/**
 * The old word that a run was read with is kept in `metadata.sourceStatus`. An application that reads
 * such a run and saves it with the next old word means that one.
 */
function withoutEarlierWord(run: Record<string, unknown>): Record<string, unknown> {
  const { status, metadata } = run;
  if (!isOldWord(status) || !isPlainObject(metadata)) return run;
  const { sourceStatus, ...rest } = metadata;
  return isOldWord(sourceStatus) ? { ...run, metadata: rest } : run;
}

function isOldWord(word: unknown): boolean {
  return typeof word === 'string' && Object.hasOwn(OLD_STATUS_WORDS, word);
}
