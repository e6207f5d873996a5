import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import { parseTextQuery } from '../../src/domain/text/text-query.ts';
import {
  freshSchema,
  newestServer,
  openStore,
  targetOf,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';
import { until } from '../support/until.ts';
import { ask, openOn, ownServer, serverTest } from './support/own-servers.ts';

const server = newestServer();
const test = testOn(server);
const ATOMIC = { atomic: true } as const;

describe('who follows changes', () => {
  serverTest('is told of those of others, also after the server was away', async () => {
    const own = await ownServer();
    const [store, other] = [await openOn(own), await openOn(own)];
    let told = 0;
    const watch = store.watch?.(() => {
      told += 1;
    });
    for (const number of [1, 2]) {
      await until(async () => watch?.isLive === true);
      const before = told;
      await other.write([put(makeRun(number))], ATOMIC);
      await until(async () => told > before);
      await own.crash();
      await until(async () => watch?.isLive === false);
      await own.restart();
    }
    watch?.stop();
    await store.close();
    await other.close();
  });

  test('is not kept waiting by a transaction that has nothing to do with the store', async () => {
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    await withClient(url, async (client) => {
      // It has a number, and is older than what follows.
      await client.query('BEGIN; SELECT pg_current_xact_id()');
      await store.write([put(makeRun(1))], ATOMIC);
      expect(await store.changes(null, 10)).toHaveLength(1);
      await client.query('ROLLBACK');
    });
    await store.close();
  });

  test('waits for a transaction of the store that may still write', async () => {
    const { url } = await freshSchema(server);
    const store = await openStore(url);
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], ATOMIC);
    await store.write([put(makeRun(2))], ATOMIC);
    expect(await store.changes(null, 10)).toEqual([]);
    await transaction.commit();
    const ids = (await store.changes(null, 10)).map(({ runId }) => runId);
    expect(ids).toEqual([makeRun(1).id, makeRun(2).id]);
    await store.close();
  });
});

describe('a store that was moved', () => {
  test('begins a new era, before which everything stands that it brought along', async () => {
    const { url } = await freshSchema(server);
    const { schema } = targetOf(url);
    const before = await openStore(url);
    await before.write([put(makeRun(1)), put(makeRun(2))], ATOMIC);
    await before.close();
    // As a dump of a cluster that had counted much further leaves it.
    await withClient(url, (client) =>
      client.query(`UPDATE ${schema}.store_identity SET home = 'elsewhere';
        UPDATE ${schema}.run_changes
          SET xid = '99999999999', transaction_xid = '99999999999'`),
    );
    const store = await openStore(url);
    await store.write([put(makeRun(1, { tags: ['a'] }))], ATOMIC);
    const changes = await store.changes(null, 10);
    expect(changes.map(({ runId, version }) => [runId, version])).toEqual([
      [makeRun(1).id, 1],
      [makeRun(2).id, 1],
      [makeRun(1).id, 2],
    ]);
    expect((await store.position()).cursor).toBe(changes.at(-1)?.cursor);
    expect(await store.catchUpSearch(100)).toBe(0);
    await store.close();
  });

  test('begins one also when the store was open all the time', async () => {
    const { url } = await freshSchema(server);
    const { schema } = targetOf(url);
    const store = await openStore(url);
    await store.write([put(makeRun(1)), put(makeRun(2))], ATOMIC);
    expect(await store.catchUpSearch(100)).toBe(0);
    await withClient(url, async (client) => {
      await client.query(`UPDATE ${schema}.store_identity SET home = 'elsewhere';
        UPDATE ${schema}.run_changes SET xid = '99999999999', transaction_xid = '99999999999';
        UPDATE ${schema}.search_position SET xid = '99999999999'`);
      // Behind the same name there is another server now: every connection is made anew.
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'runledger' AND datname = current_database()`);
    });
    await store.write([put(makeRun(3)), put(makeRun(4))], ATOMIC);
    const changes = await store.changes(null, 10);
    expect(changes.map(({ runId }) => runId)).toEqual([1, 2, 3, 4].map((one) => makeRun(one).id));
    expect(await store.catchUpSearch(100)).toBe(0);
    const page = { filter: {}, order: 'newest', after: null, limit: 10 } as const;
    const found = await store.searchText({ ...page, query: parseTextQuery('prompt') });
    expect(found.places).toHaveLength(4);
    await store.close();
  });

  serverTest('has another epoch on another server, so that old positions are refused', async () => {
    const [first, second] = [await ownServer(), await ownServer()];
    const stores = [await openOn(first), await openOn(second)] as const;
    const { store_id } = await ask<{ store_id: string }>(
      first,
      'SELECT store_id FROM runs.store_identity',
    );
    await ask(second, `UPDATE runs.store_identity SET store_id = '${store_id}'`);
    await stores[0].write([put(makeRun(1))], ATOMIC);
    const position = await stores[0].position();
    expect((await stores[1].position()).storeId).toBe(position.storeId);
    await expect(stores[1].changes(position, 10)).rejects.toMatchObject({
      code: 'POSITION_UNKNOWN',
    });
    for (const store of stores) await store.close();
  });
});
