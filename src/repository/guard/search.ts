import { encodeCursor, type RunPlace } from '../../domain/cursor.ts';
import type { NormalFilter } from '../../domain/filter.ts';
import type { StoredRun } from '../../domain/run.ts';
import { summarize } from '../../domain/run-summary.ts';
import { type SearchableTexts, searchableTexts } from '../../domain/text/searchable-texts.ts';
import { snippet } from '../../domain/text/snippet.ts';
import type { TextQuery } from '../../domain/text/text-query.ts';
import type { SearchHit, SearchPage } from '../run-repository.ts';
import type { RunStore } from '../run-store.ts';

/** Searches, and cuts the snippets here, so that they are the same for every store. */
export async function search(
  store: Pick<RunStore, 'searchText' | 'read'>,
  query: TextQuery,
  page: { filter: NormalFilter; after: RunPlace | null; limit: number },
): Promise<SearchPage> {
  const order = 'newest';
  const { places, behind } = await store.searchText({
    query,
    order,
    ...page,
    limit: page.limit + 1,
  });
  const shown = places.slice(0, page.limit);
  const ids = shown.map(({ id }) => id);
  const runs = await store.read(ids, { withSteps: false });
  // The next page goes on after the last place, also where its run was deleted in between.
  const last = shown.at(-1);
  const hasMore = places.length > shown.length && last !== undefined;
  return {
    items: ids.flatMap((id) => runs.get(id) ?? []).map((run) => toHit(run, query)),
    nextCursor: hasMore ? encodeCursor(order, last) : null,
    behind,
  };
}

function toHit(run: StoredRun, query: TextQuery): SearchHit {
  const texts = Object.entries(searchableTexts(run)) as [keyof SearchableTexts, string][];
  const cuts = texts.map(([field, text]) => ({ field, snippet: snippet(text, query) }));
  // The text with the most marked words says best why the run was found; the prompt wins a tie.
  const [best = { field: 'prompt' as const, snippet: snippet(run.input.prompt, query) }] =
    cuts.toSorted((a, b) => b.snippet.highlights.length - a.snippet.highlights.length);
  return { run: summarize(run), ...best };
}
