import type pg from 'pg';
import { digestOf } from '../../src/domain/canonical.ts';
import type { AgentRun, StoredRun } from '../../src/domain/run.ts';
import { Parameters } from '../../src/stores/postgres/connection/parameters.ts';
import { NewContents } from '../../src/stores/postgres/runs/contents.ts';
import { insertions, rowsOfRuns } from '../../src/stores/postgres/runs/insert-runs.ts';
import { type Benchmark, compared } from '../benchmark.ts';
import { compare, timed } from '../harness.ts';
import { sampleRuns } from '../sample-runs.ts';
import { BenchServer } from './bench-server.ts';

const SAVE = 'save';
const BARE = 'bare statement';
const CONNECTIONS = 10;
const PER_ROUND = 200;

/** A statement that was worked out before: its text by shape, its values. */
interface Prepared {
  name: string;
  text: string;
  values: unknown[];
}

/** `save` on ten connections against a bare statement that writes the same rows. */
export const postgresSave: Benchmark = {
  name: 'postgres-save',
  about: 'save of one run, on 10 connections, against a bare statement writing the same rows',
  async run({ isQuick, progress }) {
    const rounds = isQuick ? 3 : 31;
    const warmUps = isQuick ? 1 : 10;
    const count = (rounds + warmUps) * PER_ROUND;
    await using server = await BenchServer.start();
    const repository = await server.open('store');
    await (await server.open('bare')).close();
    const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => server.connect()));
    progress(`working out the statements of ${count} runs`);
    const runs = [...sampleRuns(count)];
    const statements = runs.map((run) => bareStatement('bare', run));

    /** Ten at once, each taking the next when its own is done. */
    const byAll = async (
      number: number,
      work: (at: number, worker: number) => Promise<unknown>,
    ) => {
      const first = number * PER_ROUND;
      let next = first;
      const worker = async (_: unknown, which: number) => {
        while (next < first + PER_ROUND) {
          const at = next;
          next += 1;
          await work(at, which);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    };
    const saveOne = (at: number) => repository.save(runs[at] as AgentRun);
    const bareOne = (at: number, worker: number) =>
      (clients[worker] as pg.Client).query(statements[at] as Prepared);
    progress(`saving ${count} runs one by one, ${CONNECTIONS} at a time`);
    const contestants = [
      { name: SAVE, round: (number: number) => timed(() => byAll(number, saveOne)) },
      { name: BARE, round: (number: number) => timed(() => byAll(number, bareOne)) },
    ];
    const times = await compare(contestants, { rounds, warmUps });
    await Promise.all(clients.map((client) => client.end()));
    await repository.close();
    return [
      compared(times, {
        what: 'PostgreSQL: single save, 10 connections',
        of: [SAVE, BARE],
        measure: 'speed',
        target: { atLeast: 0.8 },
        perRound: PER_ROUND,
      }),
    ];
  },
};

export function bareStatement(schema: string, run: AgentRun): Prepared {
  const now = new Date().toISOString();
  const stored: StoredRun = { ...run, version: 1, createdAt: now, updatedAt: now };
  const digested = { run: stored, digest: digestOf(run) };
  const parameters = new Parameters();
  const tables = rowsOfRuns([digested], new NewContents());
  const parts = tables.map(
    ({ table, columns, rows }) =>
      `${table} AS (INSERT INTO ${schema}.${table} (${columns.join(', ')})
        ${parameters.rows(columns, rows)})`,
  );
  const [change] = insertions([digested]);
  const values = [
    parameters.one(change?.runId ?? null, 'uuid'),
    parameters.one(change?.version ?? null, 'bigint'),
    parameters.one(change?.digest ?? null, 'bytea'),
    parameters.one(Date.parse(now), 'timestamptz'),
  ];
  const text = `WITH ${parts.join(', ')} INSERT INTO ${schema}.run_changes
    (era, xid, transaction_xid, run_id, version, operation, digest, at, mark)
    VALUES (1, pg_current_xact_id(), pg_current_xact_id(), ${values[0]}, ${values[1]}, 'insert',
      ${values[2]}, ${values[3]}, 7)`;
  const shape = `bare ${tables.map(({ table, rows }) => `${table} ${rows.length === 1}`).join(' ')}`;
  return { name: shape, text, values: parameters.values };
}
