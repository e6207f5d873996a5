import type { StoredRun } from '../../domain/run.ts';
import { ACTIVE_STATUSES, hasEnded } from '../../domain/status.ts';
import { RunledgerError } from '../errors.ts';
import type { SaveResult } from '../run-repository.ts';
import type { PutOperation, RunHead, WriteOperation, WriteOutcome } from '../write-operation.ts';
import type { GuardContext } from './guard-context.ts';
import { prepareRun, putOf } from './prepare-run.ts';
import { conflictError, notFound } from './refusals.ts';

/** How often a change is tried again after somebody else changed the same run in between. */
const MAX_TRIES = 50;

/** Saves one run; see `RunRepository.save`. */
export async function save(context: GuardContext, value: unknown): Promise<SaveResult> {
  const put = prepareRun(context, value);
  const outcome = mayEndRetry(put)
    ? await saveEndingRetry(context, put)
    : (await context.access.write([put], { atomic: true }))[0];
  if (outcome?.result === 'conflict') throw conflictError(outcome, put.run.status);
  return asSaveResult(outcome);
}

/** True for a write that may end a retry, so that its parent has to be looked at. */
export function mayEndRetry({ run }: PutOperation): boolean {
  return run.parentRunId !== undefined && hasEnded(run.status);
}

/**
 * Writes a retry that may end here. If it was under way until now, its RETRYING parent goes back to
 * FAILED in the same transaction. A run that arrives as ended is history being loaded: nothing ends.
 */
export async function saveEndingRetry(
  context: GuardContext,
  put: PutOperation,
): Promise<WriteOutcome | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const head = (await context.access.heads([put.run.id])).get(put.run.id);
    const release = isUnderWay(head) ? await releaseOf(context, put.run.parentRunId) : null;
    // What was read must still be so when it is written: otherwise look again.
    const version = put.expect.version ?? head?.version;
    const pinned = version === undefined ? put : { ...put, expect: { ...put.expect, version } };
    const outcomes = await context.access.write(release ? [pinned, release] : [pinned], {
      atomic: true,
    });
    const conflict = outcomes.find((outcome) => outcome.result === 'conflict');
    if (conflict === undefined) return outcomes[0];
    const isOwn = conflict.id === put.run.id;
    const isFinal = isOwn && (conflict.over === 'statuses' || put.expect.version !== undefined);
    if (isFinal) return conflict;
  }
  throw tooContended(put.run.id);
}

/** Reads a run, makes the writes that change it, and tries again when somebody else was faster. */
export async function changeRun(
  context: GuardContext,
  id: string,
  change: (run: StoredRun) => Promise<WriteOperation[] | null>,
): Promise<StoredRun> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const run = (await context.access.read([id])).get(id);
    if (run === undefined) throw notFound(id);
    const operations = await change(run);
    if (operations === null) return run;
    const outcomes = await context.access.write(operations, { atomic: true });
    if (outcomes.every(({ result }) => result !== 'conflict')) {
      const last = operations.at(-1);
      const written = last?.kind === 'put' ? last.run.id : id;
      const stored = (await context.access.read([written])).get(written);
      if (stored === undefined) throw notFound(written);
      return stored;
    }
  }
  throw tooContended(id);
}

/** The write that sends a RETRYING parent back to FAILED; null where there is nothing to do. */
export async function releaseOf(
  context: GuardContext,
  parentId: string | undefined,
): Promise<PutOperation | null> {
  if (parentId === undefined) return null;
  const parent = (await context.access.read([parentId])).get(parentId);
  return parent?.status === 'RETRYING' ? withStatus(parent, { status: 'FAILED' }) : null;
}

/** The write that changes a stored run from exactly what was read. */
export function withStatus(
  { version, createdAt: _c, updatedAt: _u, ...run }: StoredRun,
  change: Partial<StoredRun>,
): PutOperation {
  return putOf({ ...run, ...change }, version);
}

/** The outcome of a put that went through, as callers see it. */
export function asSaveResult(outcome: WriteOutcome | undefined): SaveResult {
  if (outcome !== undefined && 'version' in outcome) return outcome;
  throw new RunledgerError('STORE_FAILED', `The store answered a save with ${outcome?.result}.`);
}

function isUnderWay(head: RunHead | undefined): boolean {
  return head !== undefined && ACTIVE_STATUSES.includes(head.status);
}

function tooContended(id: string): RunledgerError {
  return new RunledgerError(
    'CONFLICT',
    `Run ${id} was changed by others ${MAX_TRIES} times over.`,
    {
      hint: 'Many writers change the same run at once; try again when it is quieter.',
    },
  );
}
