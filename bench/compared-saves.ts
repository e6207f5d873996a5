import { type Comparison, compared } from './benchmark.ts';
import type { Times } from './harness.ts';

/** The contestants that both benchmarks of saving have, beside the store's own method. */
export const BARE = 'bare loop';
export const BARE_WITHOUT_LEDGER = 'bare loop without ledger';

/** What a way of saving is compared by. */
export interface SavesToCompare {
  /** The name of the store's method among the contestants. */
  store: string;
  /** What the two rows are called. */
  what: string;
  whatOfLedger: string;
  /** The part of the bare loop's speed that the store is to have. */
  atLeast: number;
  perRound: number;
}

/** The store against the bare loop, and the bare loop against itself without the ledger. */
export function comparedSaves(
  times: Times,
  { store, what, whatOfLedger, atLeast, perRound }: SavesToCompare,
): Comparison[] {
  return [
    compared(times, {
      what,
      of: [store, BARE],
      measure: 'speed',
      target: { atLeast },
      perRound,
    }),
    compared(times, {
      what: whatOfLedger,
      of: [BARE, BARE_WITHOUT_LEDGER],
      measure: 'time',
      target: { atMost: 1.1 },
      perRound,
    }),
  ];
}
