import type { JsonObject } from '../../domain/json.ts';
import type { RunSource } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import type { CopyReport } from './copy-report.ts';

/** How far a copy got; the target keeps it, one for each origin. */
export interface CopyState {
  /** All that the source gave before this mark was copied; null for a source that gives none. */
  mark: string | null;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; null for a copy that is under way, or ended early. */
  finishedAt: string | null;
  /** The mark up to which everything was verified; null where nothing was. */
  verifiedMark: string | null;
  /** Items that the source gave. */
  done: number;
  /** What came of it so far. */
  report: CopyReport;
}

/** A copy that a store knows of. */
export interface KnownCopy extends CopyState {
  /** Where the runs come from. */
  origin: string;
}

/** A state of another version is as good as none: a copy then begins anew, which loses nothing. */
const VERSION = 4;

/** The copies into a store that it knows of: the last one from each origin, by origin. */
export async function knownCopies(target: Pick<RunStore, 'transfers'>): Promise<KnownCopy[]> {
  const transfers = await target.transfers();
  return transfers.flatMap(({ origin, state }) => {
    const { version, ...kept } = state;
    return version === VERSION ? { origin, ...(kept as unknown as CopyState) } : [];
  });
}

/** What a copy begins with. */
export interface Beginning {
  state: CopyState;
  /** Whether it begins anew although it should go on with another: the source cannot go on from there. */
  hasForgotten: boolean;
  /** What the copy before put aside. */
  setAsideBefore: CopyReport['setAside'];
}

/**
 * The state that a copy begins with: where one from the same origin ended early, the state that it left;
 * `follows`: also where one finished. Anew where there is none, or the source cannot go on from there.
 */
export async function beginState(
  source: RunSource,
  target: RunStore,
  follows: boolean,
): Promise<Beginning> {
  const known = (await knownCopies(target)).find(({ origin }) => origin === source.origin);
  const isWanted = known !== undefined && (follows || known.finishedAt === null);
  const setAsideBefore = known?.report.setAside ?? [];
  if (!isWanted) return { state: newState(), hasForgotten: false, setAsideBefore };
  const { origin: _, ...state } = known;
  const goesOn = state.mark !== null && (await source.knows?.(state.mark)) === true;
  if (!goesOn) return { state: newState(), hasForgotten: true, setAsideBefore };
  // What a copy that ended early came to belongs to this one; who follows tells what came since.
  const isResumed = state.finishedAt === null;
  const counts = isResumed ? {} : NOTHING;
  // All that it was not done verifying is verified again.
  const verified = state.verifiedMark === state.mark ? {} : { verified: 0 };
  return {
    state: { ...state, report: { ...state.report, ...counts, ...verified, isResumed } },
    hasForgotten: false,
    setAsideBefore,
  };
}

const NOTHING = { read: 0, written: 0, unchanged: 0, deleted: 0, files: 0, verified: 0 };

function newState(): CopyState {
  const lists = { setAside: [], fileDifferences: [], differences: [], conflicts: [], gone: [] };
  const report = { ...NOTHING, ...lists, isResumed: false };
  const startedAt = new Date().toISOString();
  return { mark: null, verifiedMark: null, startedAt, finishedAt: null, done: 0, report };
}

/** Keeps how far a copy got, in place of what was kept of its origin. */
export async function keepCopy(target: RunStore, origin: string, state: CopyState): Promise<void> {
  await target.keepTransfer({
    origin,
    state: { version: VERSION, ...state } as unknown as JsonObject,
  });
}
