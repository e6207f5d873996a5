import type { RunPlace } from '../../domain/cursor.ts';
import { isEmptyFilter, type NormalFilter } from '../../domain/filter.ts';
import type { RunSummary } from '../../domain/run.ts';
import { ACTIVE_STATUSES, RUN_STATUSES } from '../../domain/status.ts';
import { BATCH_RUNS } from '../batch-limits.ts';
import { RunledgerError } from '../errors.ts';
import { PartlyDoneError } from '../partly-done-error.ts';
import type { DeleteManyReport } from '../run-repository.ts';
import type { DeleteOperation } from '../write-operation.ts';
import type { GuardContext } from './guard-context.ts';
import type { Conflict } from './refusals.ts';
import { activeRetries } from './save.ts';

/** What is deleted without a further look: nobody works on it or waits for it. */
const DELETABLE = RUN_STATUSES.filter(
  (status) => !ACTIVE_STATUSES.includes(status) && status !== 'RETRYING',
);

/** How often runs are listed again because some of them were changed meanwhile. */
const MOST_TRIES = 10;

/** Deletes one run; see `RunRepository.delete`. */
export async function deleteRun(context: GuardContext, id: string): Promise<boolean> {
  const [outcome] = await context.access.write([deletion(id)], { atomic: true });
  if (outcome?.result !== 'conflict') return outcome?.result === 'deleted';
  if (await deleteLeftOver(context, outcome)) return true;
  const status = outcome.found?.status;
  const why = status === 'RETRYING' ? 'RETRYING, and its retry is under way,' : status;
  throw new RunledgerError('ACTIVE', `Run ${id} is ${why} and cannot be deleted.`, {
    hint: 'Cancel it first, or wait until it ends.',
  });
}

/** Deletes the runs that match; see `RunRepository.deleteMany`. */
export async function deleteMany(
  context: GuardContext,
  filter: NormalFilter,
): Promise<DeleteManyReport> {
  if (isEmptyFilter(filter)) {
    throw new RunledgerError(
      'EMPTY_FILTER',
      'deleteMany() was given a filter that names nothing.',
      { hint: 'Name what is to go. To delete everything, list every status.' },
    );
  }
  const report: DeleteManyReport = { deleted: 0, active: 0 };
  try {
    await deleteMatching(context, filter, report);
    return report;
  } catch (error) {
    if (!(error instanceof RunledgerError) || report.deleted === 0) throw error;
    throw new PartlyDoneError(error, `${report.deleted} runs were deleted before`, report);
  }
}

async function deleteMatching(
  context: GuardContext,
  filter: NormalFilter,
  report: DeleteManyReport,
): Promise<void> {
  const request = { filter, order: 'oldest', limit: BATCH_RUNS } as const;
  const active = new Set<string>();
  let after: RunPlace | null = null;
  for (let tries = 1; ; ) {
    const page: RunSummary[] = await context.access.summaries({ ...request, after });
    if (page.length === 0) return;
    const outdated: string[] = [];
    const deletions = page.map(({ id, version }) => deletion(id, version));
    for (const outcome of await context.access.write(deletions, { atomic: false })) {
      const { result, id } = outcome;
      const isLeftOver =
        result === 'conflict' &&
        outcome.over !== 'version' &&
        (await deleteLeftOver(context, outcome));
      if (result === 'deleted' || isLeftOver) {
        report.deleted += 1;
        active.delete(id);
      } else if (result === 'conflict') {
        if (outcome.over === 'version') outdated.push(id);
        else active.add(id);
      }
    }
    // A run that was changed since it was listed goes only if it matches still. One that is changed each
    // time is worked on.
    if (outdated.length > 0 && tries < MOST_TRIES) tries += 1;
    else {
      for (const id of outdated) active.add(id);
      after = page.at(-1) ?? null;
      tries = 1;
    }
    report.active = active.size;
  }
}

/** Deletes a RETRYING run whose retry is over or gone; false for any other that was refused. */
async function deleteLeftOver(context: GuardContext, { id, found }: Conflict): Promise<boolean> {
  if (found?.status !== 'RETRYING') return false;
  if ((await activeRetries(context, id)).length > 0) return false;
  const operation: DeleteOperation = { kind: 'delete', id, expect: { version: found.version } };
  const [outcome] = await context.access.write([operation], { atomic: true });
  return outcome?.result === 'deleted';
}

function deletion(id: string, version?: number): DeleteOperation {
  const expect = { statuses: DELETABLE, ...(version !== undefined && { version }) };
  return { kind: 'delete', id, expect };
}
