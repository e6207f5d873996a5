import { median, pairedRatios, type Times } from './harness.ts';

/** How a benchmark is run. */
export interface BenchmarkOptions {
  /** Fewer runs and rounds: to see that it works, not to measure. */
  isQuick: boolean;
  /** Is told what is being done. */
  progress: (text: string) => void;
}

/** One benchmark: a file that exports it, a name on the command line. */
export interface Benchmark {
  name: string;
  /** What it compares, for `--help`. */
  about: string;
  run(options: BenchmarkOptions): Promise<Finding[]>;
}

/** What the design asks of a ratio. */
export type Target = { atLeast: number } | { atMost: number };

/** What a benchmark finds out. */
export type Finding = Comparison | Amount;

/** Memory that was taken, which needs no contestant. */
export interface Amount {
  what: string;
  megabytes: number;
  /** What the design asks. */
  atMost: number;
}

/** Two contestants compared. */
export interface Comparison {
  what: string;
  /** Each with the median of the microseconds that one of what is done took it. */
  contestants: { name: string; microseconds: number }[];
  /** `speed`: how many times as fast the first is as the second. `time`: how many times as long. */
  measure: 'speed' | 'time';
  /** The ratio of each pair of rounds. */
  ratios: readonly number[];
  /** Absent where nothing is asked. */
  target?: Target;
}

/** Compares two of those whose rounds were timed, `perRound` things done in each. */
export function compared(
  times: Times,
  {
    of: [first, second],
    perRound,
    ...comparison
  }: Pick<Comparison, 'what' | 'measure' | 'target'> & { of: [string, string]; perRound: number },
): Comparison {
  const microseconds = (name: string) => (median(times.get(name) ?? []) * 1000) / perRound;
  const [above, below] = comparison.measure === 'speed' ? [second, first] : [first, second];
  return {
    ...comparison,
    contestants: [first, second].map((name) => ({ name, microseconds: microseconds(name) })),
    ratios: pairedRatios(times, above, below),
  };
}
