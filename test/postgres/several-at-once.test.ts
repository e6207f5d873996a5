import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { digestOf } from '../../src/domain/canonical.ts';
import { openRunRepository } from '../../src/open-repository.ts';
import type { LedgerPosition } from '../../src/repository/position.ts';
import type { LedgerEntry, RunStore } from '../../src/repository/run-store.ts';
import { Connection, Statements } from '../../src/stores/postgres/connection/connection.ts';
import { VALUE_PARSERS } from '../../src/stores/postgres/connection/value-types.ts';
import { RecentIds } from '../../src/stores/postgres/runs/recent-ids.ts';
import { writeBatch } from '../../src/stores/postgres/runs/write-batch.ts';
import { writeOne } from '../../src/stores/postgres/runs/write-one.ts';
import { runChild } from '../support/child.ts';
import {
  freshSchema,
  newestServer,
  openStore,
  targetOf,
  unusedSchema,
} from '../support/postgres/fresh-store.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { testOn } from '../support/test-where.ts';
import { writeTogether } from './support/write-together.ts';

const server = newestServer();
const test = testOn(server);

/** Takes what is new until everybody has written and nothing more comes. */
async function follow(store: RunStore, isOver: () => boolean): Promise<LedgerEntry[]> {
  const seen: LedgerEntry[] = [];
  let after: LedgerPosition | null = null;
  for (;;) {
    const wasOver = isOver();
    const entries: LedgerEntry[] = await store.changes(after, 100);
    seen.push(...entries);
    const { storeId, epoch } = await store.position();
    const last = entries.at(-1);
    if (last !== undefined) after = { storeId, epoch, cursor: last.cursor };
    else if (wasOver) return seen;
    else await sleep(2);
  }
}

describe('many at once', () => {
  test('a follower sees each of a thousand interleaved writers once and in order', async () => {
    const seed = newSeed();
    const random = seededRandom(seed);
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    const { host, port, username, database, schema } = targetOf(url);
    const settings = '-c deadlock_timeout=20ms';
    const options = {
      host,
      port,
      user: username,
      database,
      types: VALUE_PARSERS,
      options: settings,
    };
    const statements = new Statements(schema);
    const clients = Array.from({ length: 40 }, () => new pg.Client(options));
    await Promise.all(clients.map((client) => client.connect()));

    /** A transaction of its own, that takes its time, and may be rolled back at its end. */
    const writer = async (client: pg.Client, number: number) => {
      const db = new Connection(client, statements);
      const writes = random.integer(1, 3);
      const isKept = random.chance(0.85);
      const momentOf = (now: number) => ({ now, at: now, origin: null, mark: number });
      // As a save does it: by statements that are each a transaction.
      if (writes === 1 && isKept) {
        const run = makeRun(random.integer(0, 59), { tags: [`${number}`] });
        const recent = new RecentIds();
        // Of two that wait for one another, the server ends one, which is then made again.
        const save = (): Promise<unknown> =>
          writeOne(db, put(run), momentOf(Date.now()), recent).catch((error) =>
            error.code === '40P01' ? save() : Promise.reject(error),
          );
        await save();
        return;
      }
      try {
        await db.script('BEGIN; LOCK TABLE {s}.run_changes IN ROW EXCLUSIVE MODE');
        for (let write = 0; write < writes; write += 1) {
          const run = makeRun(random.integer(0, 59), { tags: [`${number} ${write}`] });
          await writeBatch(db, [put(run)], momentOf(Date.now()));
          if (random.chance(0.3)) await sleep(random.integer(1, 20));
        }
        await db.script(isKept ? 'COMMIT' : 'ROLLBACK');
      } catch (error) {
        // Two that wait for one another: the server ended one of them.
        await db.script('ROLLBACK');
        expect((error as { code?: string }).code, `${error}, seed ${seed}`).toBe('40P01');
      }
    };
    let next = 0;
    let isOver = false;
    const writing = Promise.all(
      clients.map(async (client) => {
        while (next < 1000) {
          next += 1;
          await writer(client, next);
        }
        await client.end();
      }),
    ).then(() => {
      isOver = true;
    });
    const followers = [follow(store, () => isOver), follow(store, () => isOver)];
    await writing;
    for (const seen of await Promise.all(followers)) {
      const all = await store.changes(null, 100_000);
      expect(seen.map(({ cursor }) => cursor)).toEqual(all.map(({ cursor }) => cursor));
      const versions = new Map<string, number>();
      for (const { runId, version } of seen) {
        expect(version, `run ${runId}, seed ${seed}`).toBe((versions.get(runId) ?? 0) + 1);
        versions.set(runId, version);
      }
    }
    await store.close();
  });

  // A minute of it, and its memory, in `npm run test:soak`.
  test('64 writers share a pool of 10: none fails, none is lost', async () => {
    await writeTogether((await freshSchema(server)).url, 3_000);
  });

  test('20 processes that start at once make the tables once', async () => {
    const url = unusedSchema(server);
    const opener = join(import.meta.dirname, 'support', 'opener.ts');
    const started = Array.from({ length: 20 }, () => runChild([process.execPath, opener, url]));
    const ended = await Promise.all(started);
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']));
    expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1);
  });

  test('bulk loads side by side keep each run whole', async () => {
    const { url } = await freshSchema(server);
    await (await openStore(url)).close();
    const stores = await Promise.all(Array.from({ length: 3 }, () => openRunRepository(url)));
    const runs = makeRuns(1500);
    await Promise.all(stores.map((repository) => repository.saveMany(runs)));
    const [first] = stores;
    for await (const { version, createdAt, updatedAt, ...run } of first?.stream() ?? []) {
      expect(digestOf(run)).toBe(digestOf(runs.find(({ id }) => id === run.id) ?? run));
      expect([version, createdAt]).toEqual([1, updatedAt]);
    }
    expect((await first?.statistics())?.totalRuns).toBe(1500);
    await Promise.all(stores.map((repository) => repository.close()));
  });
});
