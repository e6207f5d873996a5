import type { Benchmark } from '../benchmark.ts';
import { compareLists, compareReads, findAny } from '../growing-reads.ts';
import { sampleRuns } from '../sample-runs.ts';
import { BenchServer } from './bench-server.ts';

const SMALL = 10_000;

/** Whether reading costs the same in a small store on a server and in a large one. */
export const postgresGrowth: Benchmark = {
  name: 'postgres-growth',
  about: 'list of 50 and findById at 1,000,000 runs against the same at 10,000 (20 GB of disk)',
  async run({ isQuick, progress }) {
    const large = isQuick ? 30_000 : 1_000_000;
    await using server = await BenchServer.start();
    const client = await server.connect();
    const open = async (schema: string, count: number) => {
      progress(`filling a store of ${count} runs`);
      const repository = await server.open(schema);
      await repository.saveMany(sampleRuns(count));
      return { name: `${count} runs`, count, repository };
    };
    const stores = [await open('large', large), await open('small', SMALL)] as const;
    await client.query('VACUUM ANALYZE');
    await client.end();
    const lists = await compareLists(stores, { isQuick, progress });
    const extent = { calls: 200, rounds: isQuick ? 5 : 41 };
    // Nothing is asked of it: any of so many runs is seldom in memory.
    const { target: _, ...find } = await compareReads(stores, 'findById', findAny, extent);
    for (const { repository } of stores) await repository.close();
    return [...lists, find].map((one) => ({ ...one, what: `PostgreSQL: ${one.what}` }));
  },
};
