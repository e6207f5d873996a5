import { encodeCursor } from '../../domain/cursor.ts';
import type { RunFilter } from '../../domain/filter.ts';
import type { RunSummary, StoredRun } from '../../domain/run.ts';
import { countRuns } from '../count-runs.ts';
import { RunledgerError } from '../errors.ts';
import type { Page, PageOptions } from '../run-repository.ts';
import * as check from './check-arguments.ts';
import type { GuardContext } from './guard-context.ts';
import { streamRuns } from './stream.ts';

/** The most runs that one array holds. */
const MAX_ARRAY = 10_000;

/** A page of summaries; see `RunRepository.list`. */
export async function listRuns(
  { access }: GuardContext,
  filter: RunFilter | undefined,
  options: PageOptions | undefined,
): Promise<Page<RunSummary>> {
  const given = check.checkOptions(options, ['limit', 'cursor', 'order']);
  const order = check.checkOrder(given.order);
  const limit = check.checkPageLimit(given.limit);
  const after = check.checkCursor(order, given.cursor);
  const page = { filter: check.checkFilter(filter), order, after, limit: limit + 1 };
  const request = { ...page, mayLag: true } as const;
  const found = await access.summaries(request);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? encodeCursor(order, last) : null };
}

/** The runs of a repository; see `RunRepository.findByRepository`. */
export async function findByRepository(
  context: GuardContext,
  repository: unknown,
  options: { limit?: number } | undefined,
): Promise<StoredRun[]> {
  if (typeof repository !== 'string') throw new TypeError('repository must be a string.');
  const given = check.checkOptions(options, ['limit']);
  const bounds = { most: MAX_ARRAY, otherwise: MAX_ARRAY };
  const limit = check.checkWithin('limit', given.limit, bounds);
  // Counted first: to find out by reading, thousands of runs would be read for nothing.
  if ((await countRuns(context.access, { repository })) > limit) {
    throw new RunledgerError('TOO_MANY', `"${repository}" has more than ${limit} runs.`, {
      hint: 'list() pages through them, stream() passes them one after another.',
    });
  }
  return Array.fromAsync(streamRuns(context, { filter: { repository }, order: 'newest' }));
}
