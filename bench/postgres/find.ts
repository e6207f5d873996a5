import { selectRun } from '../../src/stores/sql/run-of-row.ts';
import { type Benchmark, compared } from '../benchmark.ts';
import { compare, timed } from '../harness.ts';
import { mulberry32 } from '../random.ts';
import { sampleId, sampleRuns } from '../sample-runs.ts';
import { BenchServer } from './bench-server.ts';

const FIND = 'findById';
const BARE = 'bare join';
const PER_ROUND = 300;

/** `findById` against a bare join of the four tables. */
export const postgresFind: Benchmark = {
  name: 'postgres-find',
  about: 'findById against a bare join of the four tables',
  async run({ isQuick, progress }) {
    const count = isQuick ? 1000 : 10_000;
    const rounds = isQuick ? 3 : 41;
    await using server = await BenchServer.start();
    const repository = await server.open('store');
    progress(`filling a store of ${count} runs`);
    await repository.saveMany(sampleRuns(count));
    const client = await server.connect();
    await client.query('VACUUM ANALYZE');
    const text = `${selectRun([], 'store.')} WHERE r.id = $1`;
    const contestant = (name: string, find: (id: string) => Promise<unknown>) => {
      const random = mulberry32(7);
      const round = () =>
        timed(async () => {
          for (let call = 0; call < PER_ROUND; call += 1) {
            await find(sampleId(Math.floor(random() * count)));
          }
        });
      return { name, round };
    };
    progress(`finding ${PER_ROUND} runs, ${rounds} rounds`);
    const contestants = [
      contestant(FIND, (id) => repository.findById(id)),
      contestant(BARE, (id) => client.query({ name: 'bare', text, values: [id] })),
    ];
    const times = await compare(contestants, { rounds, warmUps: 5 });
    await client.end();
    await repository.close();
    return [
      compared(times, {
        what: 'PostgreSQL: findById',
        of: [FIND, BARE],
        measure: 'time',
        target: { atMost: 1.3 },
        perRound: PER_ROUND,
      }),
    ];
  },
};
