import type { RunRepository } from '../src/repository/run-repository.ts';
import { type Comparison, compared } from './benchmark.ts';
import { compare, timed } from './harness.ts';
import { mulberry32 } from './random.ts';
import { sampleId } from './sample-runs.ts';

/** What reading may cost in a large store, beside a small one. */
const TARGET = { atMost: 1.5 };

/** A store of sample runs that is open. */
export interface FilledStore {
  name: string;
  /** How many runs it holds. */
  count: number;
  repository: RunRepository;
}

/** How long a call is measured. */
export interface Extent {
  calls: number;
  rounds: number;
}

/** A call to be measured; `random` is 0 to 1, the same for both stores. */
export type ReadCall = (store: FilledStore, random: number) => Promise<unknown>;

/** Measures a call in a large store against the same in a small one. */
export async function compareReads(
  [large, small]: readonly [FilledStore, FilledStore],
  what: string,
  call: ReadCall,
  { calls: perRound, rounds }: Extent,
): Promise<Comparison> {
  const contestants = [large, small].map((store) => {
    const random = mulberry32(store.count);
    const calls = async () => {
      for (let number = 0; number < perRound; number += 1) await call(store, random());
    };
    return { name: store.name, round: () => timed(calls) };
  });
  const times = await compare(contestants, { rounds, warmUps: 3 });
  const of: [string, string] = [large.name, small.name];
  return compared(times, { what, of, measure: 'time', target: TARGET, perRound });
}

/** Reads one run by its id, another one with each call. */
export const findAny: ReadCall = ({ repository, count }, random) =>
  repository.findById(sampleId(Math.floor(random * count)));
