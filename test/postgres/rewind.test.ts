import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFailed } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { isRunledgerError } from '../../src/repository/errors.ts';
import { encodePosition } from '../../src/repository/position.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import {
  type LaterChanges,
  type Moment,
  readLaterChanges,
} from '../../src/services/recovery/later-changes.ts';
import { rewind } from '../../src/services/recovery/rewind.ts';
import { runsOf } from '../support/list-source.ts';
import { freshSchema, newestServer, openStore } from '../support/postgres/fresh-store.ts';
import { newSeed, seededRandom } from '../support/seeded-random.ts';
import { testOn } from '../support/test-where.ts';
import { fillInterleaved } from './support/interleaved-ledger.ts';

const server = newestServer();
const test = testOn(server);
const ATOMIC = { atomic: true } as const;
const [HOUR_MS, MINUTE_MS] = [3_600_000, 60_000];

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

/** Every third, which is enough to stand between any two transactions now and then. */
function someOf<T>(items: readonly T[]): T[] {
  return items.filter((_, index) => index % 3 === 0);
}

describe('the changes around a moment, of transactions that go on side by side', () => {
  test('are the same whether or not the whole ledger is read', async () => {
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const random = seededRandom(seed);
    await fillInterleaved(url, random);
    const whole: RunStore = {
      ...store,
      changeAt: async (moment) => (typeof moment === 'string' ? null : store.changeAt(moment)),
    };
    const changes = await store.changes(null, 1_000);
    const identity = await store.position();
    for (const { at, cursor } of someOf(changes)) {
      const time = {
        time: new Date(Date.parse(at) + random.integer(0, 10) * MINUTE_MS).toISOString(),
      };
      expect(await readLaterChanges(store, time)).toEqual(await readLaterChanges(whole, time));
      const change = { change: encodePosition({ ...identity, cursor }) };
      expect(await readLaterChanges(store, change)).toEqual(await readLaterChanges(whole, change));
    }
    await store.close();
  });

  test('are the same after the ledger was trimmed, or the moment is refused', async () => {
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    const seed = newSeed();
    onTestFailed(() => console.error(`repeat with RUNLEDGER_SEED=${seed}`));
    const random = seededRandom(seed);
    await fillInterleaved(url, random);
    const changes = await store.changes(null, 1_000);
    const identity = await store.position();
    const moments: Moment[] = someOf(changes).flatMap(({ at, cursor }) => [
      { time: at },
      { change: encodePosition({ ...identity, cursor }) },
    ]);
    const whole = new Map<Moment, LaterChanges>();
    for (const moment of moments) whole.set(moment, await readLaterChanges(store, moment));
    await store.catchUpSearch(1_000);
    const counts: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      const before = changes[Math.floor((changes.length * round) / 6)]?.at ?? '';
      while ((await store.trimLedger(before, random.integer(1, 12))) > 0);
      const times = (await store.changes(null, 1_000)).map(({ at }) => at);
      expect(times).toEqual(times.toSorted());
      let known = 0;
      for (const moment of moments) {
        const later = await readLaterChanges(store, moment).catch((error: unknown) => error);
        if (isRunledgerError(later, 'POSITION_UNKNOWN')) continue;
        // Of the last change before the tail nothing is known.
        expect({ ...(later as LaterChanges), last: null }).toEqual({
          ...whole.get(moment),
          last: null,
        });
        known += 1;
      }
      counts.push(known);
    }
    // It went on, and never took more than it had to: at the end the last sixth is there.
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts.at(-1)).toBeLessThan(moments.length / 2);
    expect(counts.at(-1)).toBeGreaterThan(0);
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
