import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeRun } from '../../src/conformance/make-run.ts';
import { openRunRepository, openRunStore } from '../../src/open-repository.ts';
import { RunledgerError } from '../../src/repository/errors.ts';
import {
  makeRole,
  newestServer,
  unusedSchema,
  withClient,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';
import { ask, openOn, ownServer, serverTest } from './support/own-servers.ts';

const server = newestServer();
const test = testOn(server);
const PASSWORD = 'hunter2';

/** The failure of a call, as a person sees it. */
async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RunledgerError)) throw error;
  const { code, message, hint } = error;
  expect(message.split('\n')).toHaveLength(1);
  expect(hint).toBeTruthy();
  expect(`${message} ${hint} ${JSON.stringify(error)}`).not.toContain(PASSWORD);
  expect(message).not.toContain('    at ');
  return { code, message, hint };
}

describe('what is wrong is said in one sentence', () => {
  serverTest('a wrong password', async () => {
    const own = await ownServer();
    await ask(own, `CREATE ROLE careful LOGIN PASSWORD 'another one'`);
    const rules = join(own.host, 'data', 'pg_hba.conf');
    const trusting = readFileSync(rules, 'utf8');
    writeFileSync(rules, `local all careful scram-sha-256\n${trusting}`);
    await ask(own, 'SELECT pg_reload_conf()');
    const wrong = openOn(own, { username: 'careful', password: PASSWORD });
    expect(await refusalOf(wrong)).toMatchObject({
      code: 'DENIED',
      message: expect.stringContaining('The server refused the password: the server at 5432'),
    });
  });

  test('a server that is not there, and a name that is none', async () => {
    const nobody = openRunStore(`postgres://me:${PASSWORD}@127.0.0.1:1/runs`);
    expect(await refusalOf(nobody)).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('No server listens there: postgres://me@127.0.0.1:1/runs'),
    });
    const nowhere = openRunStore(`postgres://me:${PASSWORD}@nowhere.invalid/runs`);
    expect(await refusalOf(nowhere)).toMatchObject({ code: 'UNREACHABLE' });
  });

  test('a database that is not there', async () => {
    const missing = openRunStore(unusedSchema(server).replace('/postgres?', '/no_such_one?'));
    expect(await refusalOf(missing)).toMatchObject({
      code: 'MISSING',
      message: expect.stringContaining('The server has no such database'),
    });
  });

  test('a schema without tables, and one of another program', async () => {
    const url = unusedSchema(server);
    expect(await refusalOf(openRunStore(url, { create: false }))).toMatchObject({
      code: 'MISSING',
    });
    expect(await refusalOf(openRunStore(url))).toMatchObject({
      code: 'SCHEMA_OLDER',
      hint: expect.stringContaining('runledger schema --apply'),
    });
    const schema = new URL(url).searchParams.get('schema');
    await withClient(url, (client) =>
      client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.agent_runs (id int)`),
    );
    expect(await refusalOf(openRunStore(url))).toMatchObject({ code: 'CORRUPT' });
  });

  test('a schema that a newer program made', async () => {
    const url = unusedSchema(server);
    await (await openRunStore(url, { synchronize: true })).close();
    const schema = new URL(url).searchParams.get('schema');
    await withClient(url, (client) =>
      client.query(
        `INSERT INTO ${schema}.schema_migrations VALUES (9000, '9000-later.sql', 'done', now())`,
      ),
    );
    expect(await refusalOf(openRunStore(url))).toMatchObject({ code: 'SCHEMA_NEWER' });
  });

  test('a grant that is missing: reading goes on, and writing names what is refused', async () => {
    const url = unusedSchema(server);
    const owner = await openRunRepository(url, { synchronize: true });
    await owner.save(makeRun(1));
    await owner.close();
    const schema = new URL(url).searchParams.get('schema');
    const role = `reader_of_${schema}`;
    const asReader = await makeRole(url, role);
    await withClient(url, (client) =>
      client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role};
        GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`),
    );
    const reader = await openRunRepository(asReader);
    expect((await reader.list()).items).toHaveLength(1);
    expect((await reader.statistics()).totalRuns).toBe(1);
    expect((await reader.findById(makeRun(1).id))?.version).toBe(1);
    expect((await reader.search('prompt')).behind).toBe(1);
    expect(await Array.fromAsync(reader.changes())).toHaveLength(1);
    for (const write of [reader.save(makeRun(2)), reader.saveMany([makeRun(2), makeRun(3)])]) {
      const { code, message } = await refusalOf(write);
      expect(code).toBe('DENIED');
      expect(message).toContain('permission denied');
    }
    await reader.close();
  });

  test('who writes may not close the store: it says who may, and nothing of it stays', async () => {
    const url = unusedSchema(server);
    const owner = await openRunStore(url, { synchronize: true });
    const schema = new URL(url).searchParams.get('schema');
    const role = `writer_of_${schema}`;
    const asWriter = await makeRole(url, role);
    await withClient(url, (client) =>
      client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`),
    );
    const writer = await openRunStore(asWriter);
    const refused = {
      code: 'DENIED',
      message: expect.stringContaining('run_changes'),
      hint: expect.stringContaining('run the same command as the owner'),
    };
    expect(await refusalOf(writer.fence('sqlite:/new.db'))).toMatchObject(refused);
    expect(await owner.movedTo()).toBeNull();
    await owner.fence('sqlite:/new.db');
    expect(await refusalOf(writer.liftFence())).toMatchObject(refused);
    expect(await writer.movedTo()).toBe('sqlite:/new.db');
    await Promise.all([writer.close(), owner.close()]);
  });
});
