import assert from 'node:assert/strict';
import type { RunFilter } from '../domain/filter.ts';
import type { SearchHit } from '../repository/run-repository.ts';
import type { ConformanceSubject } from './subject.ts';

const INDEX_BATCH = 100;

/** Every hit of a query, page by page, after the search index has seen every change. */
export async function searchAll(
  { repository, store }: Pick<ConformanceSubject, 'repository' | 'store'>,
  query: string,
  { filter = {}, limit = 1000 }: { filter?: RunFilter; limit?: number } = {},
): Promise<SearchHit[]> {
  while ((await store.catchUpSearch(INDEX_BATCH)) > 0);
  const hits: SearchHit[] = [];
  let cursor: string | null = null;
  do {
    const options = { filter, limit, ...(cursor !== null && { cursor }) };
    const page = await repository.search(query, options);
    assert.equal(page.behind, 0);
    assert.ok(page.items.length <= limit);
    hits.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return hits;
}
