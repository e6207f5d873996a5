import type { Benchmark } from './benchmark.ts';
import { compareLists, compareReads, findAny } from './growing-reads.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase, openRepository } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';

const SMALL = 1000;

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

    const comparisons = [
      ...(await compareLists(stores, { isQuick, progress })),
      await compareReads(stores, 'findById', findAny, { calls: 200, rounds: isQuick ? 5 : 41 }),
    ];
    for (const { repository } of stores) await repository.close();
    return comparisons;
  },
};
