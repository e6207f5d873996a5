import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { rewind } from '../../src/services/recovery/rewind.ts';
import { runsOf } from '../support/list-source.ts';
import { freshSchema, newestServer, openStore } from '../support/postgres/fresh-store.ts';
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
