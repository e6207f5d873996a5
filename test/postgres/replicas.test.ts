import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import type { TestServer } from '../support/postgres/server.ts';
import { until } from '../support/until.ts';
import {
  addressOf,
  ask,
  openOn,
  ownServer,
  ownStandby,
  serverTest,
} from './support/own-servers.ts';
import { openRelay } from './support/relay.ts';

function openWith(
  primary: TestServer,
  ...replicas: Pick<TestServer, 'host' | 'port'>[]
): Promise<RunStore> {
  return openOn(primary, {
    location: 'primary',
    connectTimeoutMs: 2_000,
    replicas: replicas.map((replica, at) => addressOf(replica, `replica ${at + 1}`)),
  });
}

/** A primary with its standby, and a store that knows both. */
async function openPair() {
  const primary = await ownServer();
  const standby = await ownStandby(primary);
  const store = await openWith(primary, standby);
  return { primary, standby, store, repository: guardRepository(store) };
}

/** How many runs a server has. */
async function countOn(server: TestServer): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM runs.agent_runs';
  return (await ask<{ n: number }>(server, sql)).n;
}

async function transactionsOn(server: TestServer): Promise<number> {
  const sql = "SELECT xact_commit::int AS n FROM pg_stat_database WHERE datname = 'postgres'";
  return (await ask<{ n: number }>(server, sql)).n;
}

describe('a store with a standby', () => {
  serverTest('reads its own writes, wherever it is asked', async () => {
    const { repository } = await openPair();
    for (const run of makeRuns(30)) {
      await repository.save(run);
      const { items } = await repository.list({}, { limit: 1000 });
      expect(items.some(({ id }) => id === run.id)).toBe(true);
    }
    expect((await repository.statistics()).totalRuns).toBe(30);
    expect((await repository.search('prompt')).items.length).toBeGreaterThan(0);
    await repository.close();
  });

  serverTest(
    'asks the standby when it is far enough, and the primary while it is not',
    async () => {
      const { standby, store, repository } = await openPair();
      await repository.save(makeRun(101));
      await until(async () => (await store.replicas?.())?.[0]?.lagMs === 0);
      const before = await transactionsOn(standby);
      for (let call = 0; call < 20; call += 1) await repository.list();
      await until(async () => (await transactionsOn(standby)) >= before + 20);

      await ask(standby, 'SELECT pg_wal_replay_pause()');
      await repository.save(makeRun(102));
      const { items } = await repository.list({}, { limit: 1000 });
      expect(items.some(({ id }) => id === makeRun(102).id)).toBe(true);
      await ask(standby, 'SELECT pg_wal_replay_resume()');
      await repository.close();
    },
  );

  serverTest('leaves out one that is dead, and takes it back by itself', async () => {
    const { standby, store, repository } = await openPair();
    await repository.save(makeRun(103));
    expect(await store.replicas?.()).toMatchObject([{ isUsed: true, problem: null }]);
    await standby.crash();
    expect((await repository.list()).items).toHaveLength(1);
    expect(await store.replicas?.()).toMatchObject([{ isUsed: false, lagMs: null }]);
    await standby.restart();
    await until(async () => {
      await repository.list();
      return (await store.replicas?.())?.[0]?.isUsed === true;
    });
    await repository.close();
  });

  serverTest('does not wait for one that is silent, and takes it back by itself', async () => {
    const primary = await ownServer();
    const relay = await openRelay(await ownStandby(primary));
    const store = await openWith(primary, relay);
    const repository = guardRepository(store);
    await repository.save(makeRun(104));
    await until(async () => (await store.replicas?.())?.[0]?.isUsed === true);
    relay.silence();
    expect((await repository.list()).items).toHaveLength(1);
    expect(await store.replicas?.()).toMatchObject([{ isUsed: false }]);
    relay.resume();
    await until(async () => (await store.replicas?.())?.[0]?.isUsed === true);
    await repository.close();
  });

  serverTest('leaves out one that is far behind, also when it has just met it', async () => {
    const { primary, standby, repository } = await openPair();
    await repository.save(makeRun(105));
    await until(async () => (await countOn(standby)) === 1);
    await ask(standby, 'SELECT pg_wal_replay_pause()');
    await repository.save(makeRun(106));
    await repository.close();
    await sleep(600);
    const replicas = [addressOf(standby, 'the late one')];
    const later = await openOn(primary, { replicas, mostLagMs: 500 });
    expect(await later.replicas?.()).toMatchObject([
      { isUsed: false, problem: expect.stringMatching(/^it is \d{3,} ms behind$/) },
    ]);
    expect(await guardRepository(later).list()).toMatchObject({ items: [{}, {}] });
    await later.close();
  });

  serverTest('opens without one that has no connection left', async () => {
    const primary = await ownServer();
    const standby = await ownStandby(primary);
    await ask(primary, 'CREATE ROLE reader LOGIN CONNECTION LIMIT 0');
    await until(
      async () =>
        (await ask(standby, `SELECT FROM pg_roles WHERE rolname = 'reader'`)) !== undefined,
    );
    const replica = { ...addressOf(standby, 'the full one'), username: 'reader' };
    const store = await openOn(primary, { replicas: [replica] });
    expect(await store.replicas?.()).toMatchObject([
      { isUsed: false, problem: expect.stringContaining('too many connections for role') },
    ]);
    expect((await store.statistics({})).totalRuns).toBe(0);
    await store.close();
  });

  serverTest('is patient with one that is only busy', async () => {
    const primary = await ownServer();
    const standby = await ownStandby(primary);
    const replicas = [addressOf(standby, 'the busy one')];
    const store = await openOn(primary, { replicas, poolSize: 2 });
    await store.write([put(makeRun(107))], { atomic: true });
    await until(async () => (await countOn(standby)) === 1);
    await store.statistics({});
    const client = new pg.Client({ ...addressOf(primary, ''), user: 'postgres' });
    await client.connect();
    // The lock holds on the standby too, once that has replayed it.
    await client.query('BEGIN; LOCK TABLE runs.agent_runs IN ACCESS EXCLUSIVE MODE');
    // A commit of somebody else sends what was written before it.
    await ask(primary, 'CREATE TABLE anything ()');
    await until(async () => {
      const sql = `SELECT count(*)::int AS n FROM pg_locks WHERE mode = 'AccessExclusiveLock'`;
      return (await ask<{ n: number }>(standby, sql)).n > 0;
    });
    const reads = Promise.all([store.statistics({}), store.statistics({})]);
    await sleep(3_500);
    expect(await store.replicas?.()).toMatchObject([{ isUsed: true, problem: null }]);
    await client.query('COMMIT');
    expect((await reads).map(({ totalRuns }) => totalRuns)).toEqual([1, 1]);
    await client.end();
    await store.close();
  });

  serverTest('refuses a server that is no standby, or one of another server', async () => {
    const [primary, other] = await Promise.all([ownServer(), ownServer()]);
    await expect(openWith(primary, primary)).rejects.toMatchObject({
      code: 'INVALID',
      message: 'The replica replica 1 is no standby.',
    });
    await expect(openWith(primary, await ownStandby(other))).rejects.toMatchObject({
      message: 'The replica replica 1 is a standby of another server than primary.',
    });
  });
});
