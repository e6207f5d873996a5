import { digestOf } from '../../domain/canonical.ts';
import type { StoredRun } from '../../domain/run.ts';
import type { LedgerPosition } from '../../repository/position.ts';
import type { LedgerEntry, RunStore } from '../../repository/run-store.ts';
import { doesNotHold } from '../../repository/undo-change.ts';
import { runBefore } from '../recovery/run-before.ts';

const PIECE = 1_000;

/** Tells whether a run, as it was at the moment, was given before its change was noticed. */
export type WasGiven = (id: string, former: StoredRun | null) => boolean;

/** The first change of a run after the moment. */
export interface FirstChange {
  entry: LedgerEntry;
  wasGiven: WasGiven;
}

/**
 * The runs that were changed since a moment of a living store. Whoever reads a run and looks afterwards
 * knows of every change that may be in what was read.
 */
export class ChangedSince {
  /** The first change of each after the moment. */
  readonly firstOf = new Map<string, FirstChange>();
  readonly #store: RunStore;
  #settled: LedgerPosition;

  constructor(store: RunStore, moment: LedgerPosition) {
    this.#store = store;
    this.#settled = moment;
  }

  /** Takes up what can be seen now; `wasGiven` speaks of what was given until now. */
  async look(wasGiven: WasGiven): Promise<void> {
    this.#settled = await this.#note(this.#settled, { unsettled: false, wasGiven });
    // Others may still come to stand before these, so the next look begins with them again.
    await this.#note(this.#settled, { unsettled: true, wasGiven });
  }

  async #note(
    after: LedgerPosition,
    { unsettled, wasGiven }: { unsettled: boolean; wasGiven: WasGiven },
  ): Promise<LedgerPosition> {
    for (let place = after; ; ) {
      const entries = await this.#store.changes(place, PIECE, { unsettled });
      for (const entry of entries) {
        if (!this.firstOf.has(entry.runId)) this.firstOf.set(entry.runId, { entry, wasGiven });
      }
      const last = entries.at(-1);
      if (last !== undefined) place = { ...place, cursor: last.cursor };
      // A piece that is not full reached the end: who writes faster than that is not followed for ever.
      if (entries.length < PIECE) return place;
    }
  }
}

/**
 * A run as it was before this change and all that followed. Others may go on changing it meanwhile: what
 * was read is what some change made of it, and is undone from there.
 */
export async function runBeforeChange(
  store: RunStore,
  first: LedgerEntry,
): Promise<StoredRun | null> {
  const now = (await store.read([first.runId])).get(first.runId) ?? null;
  const digest = now && digestOf(now);
  const history = await store.history(first.runId);
  const start = history.findIndex(({ cursor }) => cursor === first.cursor);
  const end = history.findLastIndex(
    (entry) => entry.digest === digest && (now === null || entry.version === now.version),
  );
  if (start === -1 || end < start) throw doesNotHold(first);
  return runBefore(now, history.slice(start, end + 1), history[start - 1]);
}
