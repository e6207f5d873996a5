import { type Benchmark, compared } from '../benchmark.ts';
import { compare } from '../harness.ts';
import { sampleRuns } from '../sample-runs.ts';
import { type CopiedRows, readRows } from './bare-copy.ts';
import { BenchServer } from './bench-server.ts';
import { FreshSchemas } from './fresh-schemas.ts';

const SAVE_MANY = 'saveMany';
const BARE = 'bare COPY';
const BATCH = 500;

/** `saveMany` against a bare COPY of the same rows. */
export const postgresBulk: Benchmark = {
  name: 'postgres-bulk',
  about: 'saveMany of 10,000 runs against a bare COPY of the same rows, ledger and indexes',
  async run({ isQuick, progress }) {
    const count = isQuick ? 1000 : 10_000;
    const rounds = isQuick ? 2 : 7;
    await using server = await BenchServer.start();
    const client = await server.connect();
    const runs = [...sampleRuns(count)];
    progress(`working out the rows of ${count} runs`);
    const filled = await server.open('filled');
    await filled.saveMany(runs);
    await filled.close();
    const batches: CopiedRows[] = [];
    for (let first = 0; first < count; first += BATCH) {
      const ids = runs.slice(first, first + BATCH).map(({ id }) => id);
      batches.push(await readRows(client, 'filled', ids));
    }

    const schemas = new FreshSchemas(server, client);
    progress(`saving ${count} runs, ${rounds} rounds`);
    const contestants = [
      { name: SAVE_MANY, round: () => schemas.saveMany(runs) },
      { name: BARE, round: () => schemas.load(batches) },
    ];
    const times = await compare(contestants, { rounds, warmUps: 1 });
    await client.end();
    return [
      compared(times, {
        what: 'PostgreSQL: bulk load',
        of: [SAVE_MANY, BARE],
        measure: 'speed',
        target: { atLeast: 0.6 },
        perRound: count,
      }),
    ];
  },
};
