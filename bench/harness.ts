import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One of several that do the same work. It does one round and tells what that took. */
export interface Contestant {
  name: string;
  /** Does the work of one round; resolves with the milliseconds of the part that counts. */
  round(number: number): Promise<number>;
}

/** Milliseconds of each round by contestant; the rounds of one number belong together. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Lets contestants take turns in one process: A B, B A, A B …, so that a machine that slows down
 * slows all of them. Rounds are numbered from 0; those before `warmUps` do not count.
 */
export async function compare(
  contestants: readonly Contestant[],
  { rounds, warmUps }: { rounds: number; warmUps: number },
): Promise<Times> {
  const times = new Map(contestants.map(({ name }): [string, number[]] => [name, []]));
  for (let number = 0; number < warmUps + rounds; number += 1) {
    const turn = number % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, round } of turn) {
      const ms = await round(number);
      if (number >= warmUps) times.get(name)?.push(ms);
    }
  }
  return times;
}

/** The times of rounds that are too short to be compared one by one, summed up by so many. */
export function summedUp(times: Times, by: number): Times {
  const sums = (all: readonly number[]) =>
    Array.from({ length: Math.floor(all.length / by) }, (_, index) =>
      all.slice(index * by, (index + 1) * by).reduce((sum, ms) => sum + ms, 0),
    );
  return new Map([...times].map(([name, all]) => [name, sums(all)]));
}

/** The milliseconds that a piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

setFlagsFromString('--expose-gc');
/** Collects garbage now: what one contestant left behind is not for the clock of the next. */
export const collectGarbage: () => void = runInNewContext('gc');

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.ceil(middle) - 1,
    Math.floor(middle) + 1,
  );
  return (low + high) / 2;
}

/** The ratios of one contestant's times to another's, round by round. */
export function pairedRatios(times: Times, above: string, below: string): number[] {
  const divisors = times.get(below) ?? [];
  return (times.get(above) ?? []).map((ms, round) => ms / (divisors[round] ?? Number.NaN));
}
