import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import {
  makeRole,
  newestServer,
  openStore,
  unusedSchema,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';

const server = newestServer();
const test = testOn(server);

describe('the schema of a store', () => {
  test('may have any name', async () => {
    const schema = `It's "odd" {s} ${process.pid}`;
    const repository = guardRepository(await openStore(unusedSchema(server), { schema }));
    await repository.save(makeRun(1));
    await repository.saveMany([makeRun(2), makeRun(3)]);
    expect((await repository.search('prompt')).items).toHaveLength(3);
    expect((await repository.statistics()).totalRuns).toBe(3);
    expect(await Array.fromAsync(repository.changes())).toHaveLength(3);
    await repository.close();
  });

  test('may have been made for a user who may make none', async () => {
    const url = unusedSchema(server);
    const schema = new URL(url).searchParams.get('schema');
    const role = `owner_of_${schema}`;
    const asOwner = await makeRole(url, role);
    await withClient(url, (client) =>
      client.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`),
    );
    const store = await openStore(asOwner);
    expect((await store.statistics({})).totalRuns).toBe(0);
    await store.close();
  });

  test('is left out of what others see until it is made whole', async () => {
    const url = unusedSchema(server);
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(url)));
    const positions = await Promise.all(stores.map((store) => store.position()));
    expect(new Set(positions.map(({ storeId }) => storeId)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});
