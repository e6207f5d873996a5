import { BATCH_RUNS } from '../../repository/batch-limits.ts';
import { pages } from '../../repository/pages.ts';
import type { RunStore } from '../../repository/run-store.ts';

/** A target and the store that it follows. */
export interface FollowedStore {
  source: RunStore;
  target: RunStore;
  /** What the source is called in the target's ledger. */
  origin: string;
}

/** The ids of all runs that came from the source, were not changed by others since, and are not there any more. */
export async function goneRuns(stores: FollowedStore): Promise<string[]> {
  const request = { filter: {}, order: 'oldest', limit: BATCH_RUNS } as const;
  const gone: string[] = [];
  for await (const page of pages((after) => stores.target.summaries({ ...request, after }))) {
    const ids = page.map(({ id }) => id);
    gone.push(...(await goneAmong(stores, ids)));
  }
  return gone.sort();
}

/** Those of these runs of which the same is true. */
export async function goneAmong(
  { source, target, origin }: FollowedStore,
  ids: readonly string[],
): Promise<string[]> {
  const [here, changes] = [await source.heads(ids), await target.lastChanges(ids)];
  return ids.filter((id) => {
    const last = changes.get(id);
    return !here.has(id) && last?.origin === origin && last.operation !== 'delete';
  });
}
