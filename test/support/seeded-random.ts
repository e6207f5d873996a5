import { randomInt } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same draws. */
export interface SeededRandom {
  /** A whole number from `least` to `most`, both possible. */
  integer(least: number, most: number): number;
  /** True with that probability. */
  chance(probability: number): boolean;
  /** One of these; undefined of none. */
  pick<T>(items: readonly T[]): T | undefined;
}

/** The seed of this test run: RUNLEDGER_SEED where a failure is to be repeated, else a new one. */
export function newSeed(): number {
  return Number(process.env.RUNLEDGER_SEED ?? randomInt(2 ** 31));
}

/** Draws by Tommy Ettinger's mulberry32: short, and even enough to choose moments and operations. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => items[integer(0, items.length - 1)],
  };
}
