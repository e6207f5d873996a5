import type { AgentRun, StoredRun } from '../../domain/run.ts';
import { ACTIVE_STATUSES, hasEnded } from '../../domain/status.ts';
import { RunledgerError } from '../errors.ts';
import type { SaveResult } from '../run-repository.ts';
import type { Expectation, PutOperation, RunHead, WriteOutcome } from '../write-operation.ts';
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
    const release = isUnderWay(head) ? await releaseOf(context, put.run) : null;
    const pinned = { ...put, expect: { ...put.expect, ...asRead(put, head) } };
    const outcomes = await context.access.write(release ? [pinned, release] : [pinned], {
      atomic: true,
    });
    const conflict = outcomes.find((outcome) => outcome.result === 'conflict');
    if (conflict === undefined) return outcomes[0];
    const isOwn = conflict.id === put.run.id;
    const isOver = conflict.over === 'statuses' || conflict.over === 'sameParent';
    if (isOwn && (isOver || put.expect.version !== undefined)) return conflict;
  }
  throw tooContended(put.run.id);
}

/** What was read must still be so when it is written: otherwise it is read again. */
function asRead({ expect }: PutOperation, head: RunHead | undefined): Expectation {
  if (expect.version !== undefined) return {};
  return head === undefined ? { digests: [] } : { version: head.version };
}

/**
 * Reads a run, makes the writes that change it, and tries again when somebody else was faster. Gives
 * the run of the last write as it was written, whatever has become of it since.
 */
export async function changeRun(
  context: GuardContext,
  id: string,
  change: (run: StoredRun) => Promise<PutOperation[] | null>,
): Promise<StoredRun> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const run = (await context.access.read([id])).get(id);
    if (run === undefined) throw notFound(id);
    const operations = await change(run);
    if (operations === null) return run;
    const outcomes = await context.access.write(operations, { atomic: true });
    const [put, outcome] = [operations.at(-1), outcomes.at(-1)];
    const stored = put && outcome && asStored(put, outcome);
    // Nothing is stored after a conflict, or when somebody else made the very same change.
    if (stored && outcomes.every(({ result }) => result !== 'conflict')) return stored;
  }
  throw tooContended(id);
}

/**
 * The write that sends the RETRYING parent of a retry that ends back to FAILED; null where there is
 * nothing to do, or another retry of it is under way.
 */
export async function releaseOf(
  context: GuardContext,
  { id, parentRunId }: AgentRun,
): Promise<PutOperation | null> {
  if (parentRunId === undefined) return null;
  const parent = (await context.access.read([parentRunId])).get(parentRunId);
  if (parent?.status !== 'RETRYING') return null;
  const retries = await activeRetries(context, parentRunId);
  return retries.every((retry) => retry === id) ? withStatus(parent, { status: 'FAILED' }) : null;
}

/** The ids of up to two retries of a run that are under way. */
export async function activeRetries({ access }: GuardContext, id: string): Promise<string[]> {
  const filter = { parentRunId: id, statuses: ACTIVE_STATUSES };
  const retries = await access.summaries({ filter, order: 'newest', after: null, limit: 2 });
  return retries.map((retry) => retry.id);
}

/** The run of a put that took effect, as it was stored; undefined where it changed nothing. */
export function asStored({ run }: PutOperation, outcome: WriteOutcome): StoredRun | undefined {
  if (outcome.result !== 'inserted' && outcome.result !== 'updated') return undefined;
  const { version, createdAt, updatedAt } = outcome;
  return { ...run, version, createdAt, updatedAt };
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
  if (outcome !== undefined && 'version' in outcome) {
    const { id, version, result } = outcome;
    return { id, version, result };
  }
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
