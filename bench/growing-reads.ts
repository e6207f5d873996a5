import type { RunFilter } from '../src/domain/filter.ts';
import type { RunRepository } from '../src/repository/run-repository.ts';
import { type BenchmarkOptions, type Comparison, compared } from './benchmark.ts';
import { compare, timed } from './harness.ts';
import { mulberry32 } from './random.ts';
import { sampleId, sampleSession } from './sample-runs.ts';

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

/**
 * What a page is asked for with. A common value is that of at least 50 runs in 1,000, so that a page
 * is full in both stores (a session has ten runs, always). A rare one is that of the 20 oldest runs
 * in both: where no index has it, all others are passed by.
 */
const COMMON: Record<string, RunFilter> = {
  'without a filter': {},
  'by status': { status: 'FAILED' },
  'by repository': { repository: 'team-0/service-2' },
  'by agent': { agent: 'agent-1' },
  'by session': { sessionId: sampleSession(500) },
  'by tag': { tag: 'review' },
  'by errorCode': { errorCode: 'TIMEOUT' },
};
const RARE: Record<string, RunFilter> = {
  'by a rare agent': { agent: 'rare-agent' },
  'by a rare tag': { tag: 'rare-tag' },
  'by a rare errorCode': { errorCode: 'RARE' },
};

/** Measures the lists of 50 in a large store against the same in a small one. */
export async function compareLists(
  stores: readonly [FilledStore, FilledStore],
  { isQuick, progress }: BenchmarkOptions,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const [filters, calls] of [
    [COMMON, 40],
    [RARE, 4],
  ] as const) {
    for (const [name, filter] of Object.entries(filters)) {
      const what = `list of 50 ${name}`;
      progress(what);
      const list: ReadCall = ({ repository }) => repository.list(filter, { limit: 50 });
      const rounds = isQuick ? 5 : 41;
      comparisons.push(await compareReads(stores, what, list, { calls, rounds }));
    }
  }
  return comparisons;
}

/** Reads one run by its id, another one with each call. */
export const findAny: ReadCall = ({ repository, count }, random) =>
  repository.findById(sampleId(Math.floor(random * count)));
