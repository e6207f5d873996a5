import type { RunStore } from '../../repository/run-store.ts';
import { readSourceMark } from '../../repository/source-mark.ts';
import { storeSource } from '../../repository/store-source.ts';
import { knownCopies } from './copy-state.ts';

/** How far a target is behind its source, or why that cannot be said. */
export type CopyLag =
  | {
      state: 'copied';
      /** Changes that are not copied, as far as they were counted. */
      changes: number;
      /** True where there are more than were counted. */
      isMore: boolean;
      /** When the first of them was made, in ISO 8601; null where there is none. */
      since: string | null;
      /** Runs that are known not to be equal on both sides, or to be in the target alone. */
      differing: number;
    }
  | {
      /**
       * Nothing was copied yet; the first copy is under way, or ended early; the source does not know any
       * more where the target is, so that the next copy looks at everything.
       */
      state: 'not begun' | 'unfinished' | 'forgotten';
    };

/** So many changes are counted. */
const COUNTED = 1_000;

/** How many changes of a source are not copied to the target yet. Rejects as the stores do. */
export async function copyLag(source: RunStore, target: RunStore): Promise<CopyLag> {
  const { origin, knows } = await storeSource(source);
  const known = (await knownCopies(target)).find((copy) => copy.origin === origin);
  if (known === undefined) return { state: 'not begun' };
  const { mark, finishedAt, report } = known;
  if (mark === null) return { state: finishedAt === null ? 'unfinished' : 'forgotten' };
  if (!(await knows?.(mark))) return { state: 'forgotten' };
  const { at, place } = readSourceMark(mark);
  if (place !== 'end') return { state: 'unfinished' };
  const waiting = await source.changes(at, COUNTED + 1);
  return {
    state: 'copied',
    changes: Math.min(waiting.length, COUNTED),
    isMore: waiting.length > COUNTED,
    since: waiting[0]?.at ?? null,
    differing: report.differences.length + report.gone.length,
  };
}
