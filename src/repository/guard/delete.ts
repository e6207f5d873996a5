import { isEmptyFilter, type NormalFilter } from '../../domain/filter.ts';
import { ACTIVE_STATUSES, RUN_STATUSES } from '../../domain/status.ts';
import { BATCH_RUNS } from '../batch-limits.ts';
import { RunledgerError } from '../errors.ts';
import type { DeleteManyReport } from '../run-repository.ts';
import type { DeleteOperation } from '../write-operation.ts';
import type { GuardContext } from './guard-context.ts';

const DELETABLE = RUN_STATUSES.filter((status) => !ACTIVE_STATUSES.includes(status));

/** Deletes one run; see `RunRepository.delete`. */
export async function deleteRun(context: GuardContext, id: string): Promise<boolean> {
  const [outcome] = await context.access.write([deletion(id)], { atomic: true });
  if (outcome?.result === 'conflict') {
    const status = outcome.found?.status;
    throw new RunledgerError('ACTIVE', `Run ${id} is ${status} and cannot be deleted.`, {
      hint: 'Cancel it first, or wait until it ends.',
    });
  }
  return outcome?.result === 'deleted';
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
      {
        hint: 'Name what is to go. To delete everything, list every status.',
      },
    );
  }
  const report: DeleteManyReport = { deleted: 0, active: 0 };
  const request = { filter, order: 'oldest', limit: BATCH_RUNS } as const;
  let page = await context.access.summaries({ ...request, after: null });
  while (page.length > 0) {
    const outcomes = await context.access.write(
      page.map(({ id }) => deletion(id)),
      { atomic: false },
    );
    report.deleted += outcomes.filter(({ result }) => result === 'deleted').length;
    report.active += outcomes.filter(({ result }) => result === 'conflict').length;
    page = await context.access.summaries({ ...request, after: page.at(-1) ?? null });
  }
  return report;
}

function deletion(id: string): DeleteOperation {
  return { kind: 'delete', id, expect: { statuses: DELETABLE } };
}
