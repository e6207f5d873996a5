import type { RunPlace } from '../../domain/cursor.ts';
import type { StoredRun } from '../../domain/run.ts';
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
  let after: RunPlace | null = null;
  for (;;) {
    const page: StoredRun[] = await access.page({
      ...request,
      after,
      limit: PAGE_RUNS,
      maxBytes: PAGE_BYTES,
    });
    yield* page;
    after = page.at(-1) ?? null;
    if (after === null) return;
  }
}
