import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFailed } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { encodePosition } from '../../src/repository/position.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { readLaterChanges } from '../../src/services/recovery/later-changes.ts';
import { rewind } from '../../src/services/recovery/rewind.ts';
import { runsOf } from '../support/list-source.ts';
import {
  freshSchema,
  newestServer,
  openStore,
  targetOf,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { newSeed, type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { testOn } from '../support/test-where.ts';

const server = newestServer();
const test = testOn(server);
const ATOMIC = { atomic: true } as const;

test('a transaction that began before a moment and ended after it goes whole', async () => {
  const { url } = await freshSchema(server);
  const [store, other] = [await openStore(url), await openStore(url)];
  await store.write([put(makeRun(0))], ATOMIC);
  const transaction = await store.begin();
  await transaction.write([put(makeRun(1))], ATOMIC);
  await sleep(5);
  await other.write([put(makeRun(2))], ATOMIC);
  const moment = new Date().toISOString();
  await sleep(5);
  await transaction.write([put(makeRun(3)), put(makeRun(0, { tags: ['later'] }))], ATOMIC);
  await transaction.commit();
  // This one saw what the transaction did.
  await other.write([put(makeRun(1, { tags: ['after it'] }))], ATOMIC);

  const report = await rewind(store, { time: moment });
  expect(report).toMatchObject({ changes: 5, transactions: 3 });
  // In the ledger run 2 comes after the transaction, and so does its time.
  const left = (await runsOf(store)).map(({ id, tags }) => [id, tags]);
  expect(left).toEqual([[makeRun(0).id, undefined]]);
  await store.close();
  await other.close();
});

test('nothing is changed where somebody else changes a run meanwhile', async () => {
  const { url } = await freshSchema(server);
  const [store, other] = [await openStore(url), await openStore(url)];
  await store.write([put(makeRun(0)), put(makeRun(1))], ATOMIC);
  await sleep(5);
  const moment = new Date().toISOString();
  await sleep(5);
  await store.write([put(makeRun(0, { tags: ['a'] })), put(makeRun(1, { tags: ['a'] }))], ATOMIC);
  let isFirst = true;
  const rewinding = rewind(
    {
      ...store,
      // Between what was read of the ledger and what is done.
      async begin() {
        if (isFirst) await other.write([put(makeRun(1, { tags: ['b'] }))], ATOMIC);
        isFirst = false;
        return store.begin();
      },
    },
    { time: moment },
  );
  await expect(rewinding).rejects.toMatchObject({ code: 'CONFLICT' });
  const tags = (await runsOf(store)).map((run) => run.tags);
  expect(tags).toEqual([['a'], ['b']]);
  await store.close();
  await other.close();
});

describe('the changes around a moment, of transactions that go on side by side', () => {
  const [HOUR_MS, MINUTE_MS, FIRST_MS] = [3_600_000, 60_000, Date.parse('2026-03-01T12:00:00Z')];

  /**
   * Writes a ledger past the store, as writers leave it that began one after another, and changed runs
   * for up to an hour each. A change stands at the transaction, or later where its run was changed by a
   * later one before.
   */
  async function fillLedger(url: string, random: SeededRandom): Promise<void> {
    let begin = FIRST_MS;
    const changes = Array.from({ length: 50 }, (_, number) => {
      begin += random.integer(0, 30 * MINUTE_MS);
      return Array.from({ length: random.integer(1, 4) }, () => ({
        transaction: 10 + number,
        begin,
        at: begin + random.integer(0, HOUR_MS),
        run: makeRun(random.integer(0, 25)).id,
      }));
    }).flat();
    const last = new Map<string, number>();
    await withClient(url, async (client) => {
      for (const { transaction, at, run } of changes.sort((a, b) => a.at - b.at)) {
        const place = Math.max(transaction, last.get(run) ?? 0);
        last.set(run, place);
        await client.query(
          `INSERT INTO ${targetOf(url).schema}.run_changes
            (era, xid, transaction_xid, run_id, version, operation, at, mark)
            VALUES (1, $1, $2, $3, 1, 'update', $4, 0)`,
          [String(place), String(transaction), run, new Date(at)],
        );
      }
    });
  }

  test('are the same whether or not the whole ledger is read', async () => {
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const random = seededRandom(seed);
    await fillLedger(url, random);
    const whole: RunStore = {
      ...store,
      changeAt: async (moment) => (typeof moment === 'string' ? null : store.changeAt(moment)),
    };
    const changes = await store.changes(null, 1_000);
    const identity = await store.position();
    for (const { at, cursor } of changes) {
      const time = {
        time: new Date(Date.parse(at) + random.integer(0, 10) * MINUTE_MS).toISOString(),
      };
      expect(await readLaterChanges(store, time)).toEqual(await readLaterChanges(whole, time));
      const change = { change: encodePosition({ ...identity, cursor }) };
      expect(await readLaterChanges(store, change)).toEqual(await readLaterChanges(whole, change));
    }
    await store.close();
  });

  test('are found by the place of a change where a clock was wrong by hours', async () => {
    const { url } = await freshSchema(server);
    const writers = [];
    for (const aheadMs of [0, 10 * HOUR_MS]) {
      writers.push(await openStore(url, { now: () => Date.now() + aheadMs }));
    }
    const [store, ahead] = writers as [RunStore, RunStore];
    await ahead.write([put(makeRun(0))], ATOMIC);
    const change = encodePosition(await store.position());
    await store.write([put(makeRun(1))], ATOMIC);
    expect([...(await readLaterChanges(store, { change })).runIds]).toEqual([makeRun(1).id]);
    for (const writer of writers) await writer.close();
  });
});
