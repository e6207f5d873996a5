import pg from 'pg';
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import {
  openPostgresStore,
  type PostgresStoreOptions,
} from '../../../src/stores/postgres/open-postgres-store.ts';
import { findBinaries, MAJORS } from '../../support/postgres/binaries.ts';
import { startServer, startStandby, type TestServer } from '../../support/postgres/server.ts';

const binaries = MAJORS.map(findBinaries).findLast((found) => found !== null) ?? null;
const test = anyTest.skipIf(binaries === null);

let primary: TestServer;
let standby: TestServer;
let other: TestServer;

beforeAll(async () => {
  if (binaries === null) return;
  [primary, other] = await Promise.all([startServer(binaries), startServer(binaries)]);
  standby = await startStandby(primary);
});

afterAll(async () => {
  await Promise.all([primary, standby, other].map((one) => one?.stop()));
});

const addressOf = ({ host, port }: TestServer, location: string) => ({
  host,
  port,
  username: 'postgres',
  database: 'postgres',
  schema: 'runs',
  ssl: false as const,
  location,
});

function openStore(
  replicas: TestServer[],
  options: Partial<PostgresStoreOptions> = {},
): Promise<RunStore> {
  return openPostgresStore({
    ...addressOf(primary, 'primary'),
    synchronize: true,
    replicas: replicas.map((replica, at) => addressOf(replica, `replica ${at + 1}`)),
    ...options,
  });
}

async function onServer(server: TestServer, sql: string): Promise<unknown> {
  const { host, port } = server;
  const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows[0];
}

/** Which statements reached the standby: those of lists, by what the server counts. */
async function listsOn(server: TestServer): Promise<number> {
  const sql = "SELECT sum(xact_commit)::int AS n FROM pg_stat_database WHERE datname = 'postgres'";
  return Number(((await onServer(server, sql)) as { n: number }).n);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('a store with a standby', () => {
  test('reads its own writes, wherever it is asked', async () => {
    const repository = guardRepository(await openStore([standby]));
    for (const run of makeRuns(30)) {
      await repository.save(run);
      const { items } = await repository.list({ repository: run.repository }, { limit: 1000 });
      expect(items.some(({ id }) => id === run.id)).toBe(true);
    }
    expect((await repository.statistics()).totalRuns).toBe(30);
    expect((await repository.search('prompt')).items.length).toBeGreaterThan(0);
    await repository.close();
  });

  test('asks the standby when it is far enough, and the primary while it is not', async () => {
    const store = await openStore([standby]);
    const repository = guardRepository(store);
    await repository.save(makeRun(101));
    await until(async () => (await store.replicas?.())?.[0]?.lagMs === 0);
    const before = await listsOn(standby);
    for (let call = 0; call < 20; call += 1) await repository.list();
    await until(async () => (await listsOn(standby)) >= before + 20);

    await onServer(standby, 'SELECT pg_wal_replay_pause()');
    await repository.save(makeRun(102));
    const { items } = await repository.list({}, { limit: 1000 });
    expect(items.some(({ id }) => id === makeRun(102).id)).toBe(true);
    await onServer(standby, 'SELECT pg_wal_replay_resume()');
    await repository.close();
  });

  test('leaves out one that is dead, and takes it back by itself', async () => {
    const store = await openStore([standby]);
    const repository = guardRepository(store);
    await repository.save(makeRun(103));
    expect(await store.replicas?.()).toMatchObject([{ isUsed: true, problem: null }]);
    await standby.crash();
    expect((await repository.list({}, { limit: 1000 })).items.length).toBeGreaterThan(0);
    expect(await store.replicas?.()).toMatchObject([{ isUsed: false, lagMs: null }]);
    await standby.restart();
    await until(async () => {
      await repository.list();
      return (await store.replicas?.())?.[0]?.isUsed === true;
    });
    await repository.close();
  });

  test('refuses a server that is no standby, or one of another server', async () => {
    await expect(openStore([primary])).rejects.toMatchObject({
      code: 'INVALID',
      message: 'The replica replica 1 is no standby.',
    });
    await expect(openStore([other])).rejects.toMatchObject({ code: 'INVALID' });
    const strangers = await startStandby(other);
    await expect(openStore([strangers])).rejects.toMatchObject({
      message: 'The replica replica 1 is a standby of another server than primary.',
    });
    await strangers.stop();
  });
});
