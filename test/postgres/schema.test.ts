import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import {
  makeRole,
  newestServer,
  openStore,
  targetOf,
  testServers,
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

  test.for([
    ['CREATE TABLE schema_migrations (version text)', 'schema_migrations'],
    ['CREATE TABLE contents (id int)', 'contents'],
    ['CREATE TABLE agent_runs (id int); CREATE TABLE run_steps (id int)', 'agent_runs, run_steps'],
  ])('is refused where another program has %s', async ([sql = '', names]) => {
    const url = unusedSchema(server);
    const { schema } = targetOf(url);
    await withClient(url, (client) =>
      client.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}; ${sql}`),
    );
    await expect(openStore(url)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`under names of Runledger's: ${names}.`),
    });
  });

  test('is refused by a name that the server keeps for itself', async () => {
    const opening = openStore(unusedSchema(server), { schema: 'pg_mine' });
    await expect(opening).rejects.toMatchObject({ code: 'INVALID' });
  });

  test('leaves the tables of others as they are', async () => {
    const url = unusedSchema(server);
    const { schema } = targetOf(url);
    await withClient(url, async (client) => {
      await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.orders (note text)`);
      const of = (table: string) => `SELECT attcompression AS packing FROM pg_attribute
        WHERE attrelid = '${schema}.${table}'::regclass AND attnum = 1`;
      await (await openStore(url)).close();
      expect((await client.query(of('orders'))).rows).toEqual([{ packing: '' }]);
    });
  });
});

/** Servers are built with lz4 or without; those that tests bring along are without. */
for (const each of testServers()) {
  testOn(each)(`texts are packed with lz4 where ${each.name} has it`, async () => {
    const schema = `Odd "Schema" of ${process.pid}`;
    const url = unusedSchema(each);
    await (await openStore(url, { schema })).close();
    await withClient(url, async (client) => {
      const { rows } = await client.query(
        `SELECT 'lz4' = ANY (enumvals) AS has, (SELECT attcompression FROM pg_attribute
            WHERE attrelid = format('%I.agent_inputs', $1::text)::regclass AND attname = 'diff') AS packing
          FROM pg_settings WHERE name = 'default_toast_compression'`,
        [schema],
      );
      expect(rows[0].packing).toBe(rows[0].has ? 'l' : '');
    });
  });
}
