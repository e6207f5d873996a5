import type { StoredRun } from '../../domain/run.ts';
import { pages } from '../pages.ts';
import type { PageRequest } from '../run-store.ts';
import type { GuardContext } from './guard-context.ts';

/** What a stream holds in memory at a time. */
const PAGE_RUNS = 200;
const PAGE_BYTES = 8_000_000;

/** Every run that matches, page by page from the store. */
export async function* streamRuns(
  { access }: Pick<GuardContext, 'access'>,
  request: Pick<PageRequest, 'filter' | 'order'>,
): AsyncGenerator<StoredRun, void, undefined> {
  const bounds = { limit: PAGE_RUNS, maxBytes: PAGE_BYTES };
  for await (const page of pages((after) => access.page({ ...request, ...bounds, after }))) {
    yield* page;
  }
}
