import type { NormalFilter } from '../../domain/filter.ts';
import type { AgentRun, StoredRun } from '../../domain/run.ts';
import { mayBecome } from '../../domain/status.ts';
import { RunledgerError } from '../errors.ts';
import { type GuardContext, newRunId, timeNow } from './guard-context.ts';
import { putOf } from './prepare-run.ts';
import { badTransition } from './refusals.ts';
import { asStored, changeRun, releaseOf, withStatus } from './save.ts';

/** Starts a repetition of a failed run; see `RunRepository.retry`. */
export async function retry(context: GuardContext, id: string): Promise<StoredRun> {
  return changeRun(context, id, async (run) => {
    if (run.status !== 'FAILED') throw badTransition(id, run.status, 'RETRYING');
    if (run.error?.recoverable !== true) {
      const why = run.error ? `its error ${run.error.code} is not recoverable` : 'it has no error';
      throw new RunledgerError('NOT_RECOVERABLE', `Run ${id} cannot be retried: ${why}.`, {
        hint: 'Only a failure marked recoverable is retried; save a new run with the same input instead.',
      });
    }
    const retrying = withStatus(run, { status: 'RETRYING' });
    // Only from FAILED: a second retry at the same time writes the same, and must not go through.
    retrying.expect.statuses = ['FAILED'];
    // The new run comes last: it is what changeRun returns.
    return [retrying, putOf(repetitionOf(context, run), undefined)];
  });
}

/** Takes the oldest queued run; see `RunRepository.claim`. */
export async function claim(
  context: GuardContext,
  filter: NormalFilter,
): Promise<StoredRun | null> {
  if (filter.statuses !== undefined) {
    throw new RunledgerError('INVALID', 'claim() takes QUEUED runs: its filter has no status.', {
      issues: [{ path: 'status', problem: 'must not be given: only QUEUED runs are claimed' }],
    });
  }
  const queued: NormalFilter = { ...filter, statuses: ['QUEUED'] };
  for (;;) {
    const page = { filter: queued, order: 'oldest', after: null, limit: 20 } as const;
    const candidates = await context.access.summaries(page);
    if (candidates.length === 0) return null;
    for (const { id } of candidates) {
      const run = (await context.access.read([id])).get(id);
      if (run?.status !== 'QUEUED') continue;
      // The version pins what was read: of several that try, the store lets one through.
      const put = withStatus(run, { status: 'RUNNING' });
      put.expect.statuses = ['QUEUED'];
      const [outcome] = await context.access.write([put], { atomic: true });
      const claimed = outcome && asStored(put, outcome);
      if (claimed !== undefined) return claimed;
    }
  }
}

/** Cancels a queued or running run; see `RunRepository.cancel`. */
export async function cancel(context: GuardContext, id: string): Promise<StoredRun> {
  return changeRun(context, id, async (run) => {
    if (run.status === 'CANCELLED') return null;
    if (!mayBecome(run.status, 'CANCELLED')) throw badTransition(id, run.status, 'CANCELLED');
    const completedAt = timeNow(context);
    const duration = Date.parse(completedAt) - Date.parse(run.startedAt);
    const cancelled = withStatus(run, { status: 'CANCELLED', completedAt, duration });
    const release = await releaseOf(context, run);
    return release === null ? [cancelled] : [release, cancelled];
  });
}

/** The next attempt: the same work, nothing of what came of it. */
function repetitionOf(context: GuardContext, run: StoredRun): AgentRun {
  const { id, repository, input, retryCount } = run;
  const { agent, sessionId, callerRunId, branch, workingDirectory, tags } = run;
  return {
    id: newRunId(context),
    repository,
    status: 'QUEUED',
    startedAt: timeNow(context),
    input,
    retryCount: retryCount + 1,
    parentRunId: id,
    ...(agent !== undefined && { agent }),
    ...(sessionId !== undefined && { sessionId }),
    ...(callerRunId !== undefined && { callerRunId }),
    ...(branch !== undefined && { branch }),
    ...(workingDirectory !== undefined && { workingDirectory }),
    ...(tags !== undefined && { tags }),
  };
}
