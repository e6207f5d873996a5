import { setImmediate } from 'node:timers/promises';
import type { RunStore } from '../../repository/run-store.ts';

/** How the index is brought up to date. */
export interface IndexOptions {
  onProgress?: ((progress: { phase: 'index'; done: number; total: number }) => void) | undefined;
  /** Ends it between two pieces. */
  signal?: AbortSignal | undefined;
}

/** How many changes the search index takes up between two signs of progress. */
const PIECE = 1_000;

/** Brings the search index up to the changes known at its start; later ones are left to later. */
export async function catchUpSearch(
  target: RunStore,
  { onProgress, signal }: IndexOptions,
): Promise<void> {
  let behind = await target.catchUpSearch(PIECE);
  const total = behind + PIECE;
  for (let done = PIECE; behind > 0 && done < total; done += PIECE) {
    await setImmediate();
    signal?.throwIfAborted();
    onProgress?.({ phase: 'index', done, total });
    behind = await target.catchUpSearch(PIECE);
  }
}
