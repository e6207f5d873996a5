import type { RunStore } from '../../repository/run-store.ts';
import { readSourceMark } from '../../repository/source-mark.ts';
import { storeSource } from '../../repository/store-source.ts';
import { knownCopies } from './copy-state.ts';

/** How far a target is behind its source. */
export interface CopyLag {
  /** Changes that are not copied, as far as they were counted. */
  changes: number;
  /** True where there are more than were counted. */
  isMore: boolean;
  /** When the first of them was made, in ISO 8601; null where there is none. */
  since: string | null;
}

/** So many changes are counted. */
const COUNTED = 1_000;

/**
 * How many changes of a source are not copied to the target yet; null where it was never copied whole, or
 * has to be copied anew. Rejects as the stores do.
 */
export async function copyLag(source: RunStore, target: RunStore): Promise<CopyLag | null> {
  const { origin, knows } = await storeSource(source);
  const known = (await knownCopies(target)).find((copy) => copy.origin === origin);
  if (known === undefined || known.mark === null || !(await knows?.(known.mark))) return null;
  const { at, place } = readSourceMark(known.mark);
  if (place !== 'end') return null;
  const waiting = await source.changes(at, COUNTED + 1);
  return {
    changes: Math.min(waiting.length, COUNTED),
    isMore: waiting.length > COUNTED,
    since: waiting[0]?.at ?? null,
  };
}
