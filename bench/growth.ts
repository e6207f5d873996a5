import type { RunFilter } from '../src/domain/filter.ts';
import type { Benchmark, Comparison } from './benchmark.ts';
import { compareReads, type Extent, findAny, type ReadCall } from './growing-reads.ts';
import { sampleRuns, sampleSession } from './sample-runs.ts';
import { makeDatabase, openRepository } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';

const SMALL = 1000;

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

/** Whether reading costs the same in a small store and in a large one. */
export const growth: Benchmark = {
  name: 'growth',
  about: 'list of 50 and findById at 100,000 runs against the same at 1,000',
  async run({ isQuick, progress }) {
    const large = isQuick ? 10_000 : 100_000;
    using folder = new ScratchFolder();
    const open = async (count: number) => {
      progress(`filling a store of ${count} runs`);
      const path = folder.newFile();
      await makeDatabase(path, sampleRuns(count));
      return { name: `${count} runs`, count, repository: await openRepository(path) };
    };
    const stores = [await open(large), await open(SMALL)] as const;

    const measure = async (what: string, call: ReadCall, { calls, rounds: most }: Extent) => {
      const rounds = isQuick ? 5 : most;
      progress(`${what}, ${rounds} rounds`);
      return compareReads(stores, what, call, { calls, rounds });
    };

    const comparisons: Comparison[] = [];
    const measureLists = async (filters: Record<string, RunFilter>, calls: number) => {
      for (const [name, filter] of Object.entries(filters)) {
        const list: ReadCall = ({ repository }) => repository.list(filter, { limit: 50 });
        comparisons.push(await measure(`list of 50 ${name}`, list, { calls, rounds: 41 }));
      }
    };
    await measureLists(COMMON, 40);
    await measureLists(RARE, 4);
    comparisons.push(await measure('findById', findAny, { calls: 200, rounds: 41 }));
    for (const { repository } of stores) await repository.close();
    return comparisons;
  },
};
