import { jsonSize } from '../domain/json.ts';
import type { StoredRun } from '../domain/run.ts';
import { BATCH_BYTES } from './batch-limits.ts';
import type { ReadOptions, RunStore } from './run-store.ts';

/** How many runs are read at once at most. */
const MOST_AT_ONCE = 50;

/**
 * These runs as they are when their turn comes, in this order; null for one that is not there. How large a
 * run is shows when it is read: pieces begin small, and memory does not grow with their number. Rejects as
 * the store does.
 */
export async function* readInPieces(
  store: RunStore,
  ids: readonly string[],
  options?: ReadOptions,
): AsyncGenerator<readonly [id: string, run: StoredRun | null], void, void> {
  let atOnce = 1;
  for (let first = 0; first < ids.length; ) {
    const piece = ids.slice(first, first + atOnce);
    const runs = await store.read(piece, options);
    for (const id of piece) yield [id, runs.get(id) ?? null];
    first += piece.length;
    atOnce =
      jsonSize([...runs.values()]) < BATCH_BYTES / 2 ? Math.min(2 * atOnce, MOST_AT_ONCE) : 1;
  }
}
