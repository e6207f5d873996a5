import { type Benchmark, compared } from '../benchmark.ts';
import { compare } from '../harness.ts';
import { sampleRuns } from '../sample-runs.ts';
import { BenchServer } from './bench-server.ts';
import { FreshSchemas } from './fresh-schemas.ts';

const WITH = 'with the index';
const WITHOUT = 'without';

/** What `search.postgresEnglishIndex` costs: `saveMany` with the index against without. */
export const postgresEnglish: Benchmark = {
  name: 'postgres-english',
  about: 'saveMany of 10,000 runs with search.postgresEnglishIndex against without',
  async run({ isQuick, progress }) {
    const count = isQuick ? 1000 : 10_000;
    const rounds = isQuick ? 2 : 7;
    await using server = await BenchServer.start();
    const client = await server.connect();
    const runs = [...sampleRuns(count)];
    const schemas = new FreshSchemas(server, client);
    progress(`saving ${count} runs, ${rounds} rounds`);
    const contestants = [
      {
        name: WITH,
        round: () => schemas.saveMany(runs, (schema) => server.buildEnglishIndex(schema)),
      },
      { name: WITHOUT, round: () => schemas.saveMany(runs) },
    ];
    const times = await compare(contestants, { rounds, warmUps: 1 });
    await client.end();
    return [
      compared(times, {
        what: 'PostgreSQL: bulk load with an index of English words',
        of: [WITH, WITHOUT],
        measure: 'speed',
        perRound: count,
      }),
    ];
  },
};
