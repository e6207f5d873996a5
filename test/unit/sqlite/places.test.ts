import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { change, newPath, openStore, singleValue } from './support/store-file.ts';

const ATOMIC = { atomic: true };
const PAGE = 4096;

describe('where a store is opened', () => {
  test('a folder that is missing is made, unless the store must be there', async () => {
    const path = join(dirname(newPath()), 'a', 'b', 'runs.db');
    const missing = openSqliteStore({ path, create: false });
    await expect(missing).rejects.toMatchObject({ code: 'MISSING', hint: expect.any(String) });
    expect(readdirSync(dirname(dirname(dirname(path))))).toEqual([]);
    expect((await openStore({ path })).location).toBe(path);
    await openStore({ path, create: false });
  });

  test('a folder is no store', async () => {
    await expect(openSqliteStore({ path: dirname(newPath()) })).rejects.toMatchObject({
      code: 'CORRUPT',
    });
  });

  test('a file that is no database is left as it is', async () => {
    const path = newPath();
    writeFileSync(path, 'not a database, but somebody may need it '.repeat(50));
    const before = readFileSync(path);
    const failure = openSqliteStore({ path });
    await expect(failure).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(path),
    });
    expect(readFileSync(path)).toEqual(before);
  });

  test('a database of another program is left as it is', async () => {
    const path = newPath();
    // Others call a table of theirs schema_migrations too.
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE schema_migrations (version TEXT); CREATE TABLE users (name TEXT)');
    other.close();
    const before = readFileSync(path);
    const failure = openSqliteStore({ path });
    await expect(failure).rejects.toMatchObject({
      code: 'CORRUPT',
      hint: expect.stringMatching(/left as it is/),
    });
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(dirname(path))).toEqual(['runs.db']);
  });

  test('an empty file becomes a store', async () => {
    const path = newPath();
    writeFileSync(path, '');
    expect((await (await openStore({ path })).statistics({})).totalRuns).toBe(0);
  });

  test('a damaged page is CORRUPT, not an empty answer', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    await store.write(
      makeRuns(300).map((run) => put(run)),
      ATOMIC,
    );
    await store.close();
    const root = singleValue(
      path,
      "SELECT rootpage FROM sqlite_schema WHERE name = 'agent_inputs'",
    );
    const bytes = readFileSync(path);
    bytes.fill(0xa5, (Number(root) - 1) * PAGE, Number(root) * PAGE);
    writeFileSync(path, bytes);
    const damaged = await openStore({ path });
    const request = { filter: {}, order: 'newest' as const, after: null, limit: 300 };
    await expect(damaged.summaries(request)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('a run that lost a part is CORRUPT, not absent', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(makeRun(1))], ATOMIC);
    change(path, 'DELETE FROM agent_inputs');
    await expect(store.read([makeRun(1).id])).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('a file that was replaced while it was open takes no more writes', async () => {
    const path = newPath();
    const store = await openStore({ path });
    renameSync(path, `${path}.away`);
    const failure = store.write([put(makeRun(1))], ATOMIC);
    await expect(failure).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/moved/),
    });
    renameSync(`${path}.away`, path);
    expect(await store.write([put(makeRun(1))], ATOMIC)).toMatchObject([{ result: 'inserted' }]);
  });
});

describe('closing', () => {
  test('waits for calls under way and leaves one file', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const calls = makeRuns(20).map((run) => store.write([put(run)], ATOMIC));
    await store.close();
    for (const call of calls) expect(await call).toMatchObject([{ result: 'inserted' }]);
    expect(readdirSync(dirname(path))).toEqual(['runs.db']);
    await expect(store.read([])).rejects.toMatchObject({ code: 'CLOSED' });
    await store.close();
  });

  test('the last of several leaves one file', async () => {
    const path = newPath();
    const [one, other] = [await openSqliteStore({ path }), await openSqliteStore({ path })];
    await one.write([put(makeRun(1))], ATOMIC);
    await one.close();
    expect((await other.read([makeRun(1).id])).size).toBe(1);
    await other.close();
    expect(readdirSync(dirname(path))).toEqual(['runs.db']);
  });

  test('a transaction that was left open takes no effect', async () => {
    const path = newPath();
    const store = await openSqliteStore({ path });
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], ATOMIC);
    await store.close();
    expect((await (await openStore({ path })).read([makeRun(1).id])).size).toBe(0);
  });
});

test('a folder of that name does not matter: the path may have spaces, % and ?', async () => {
  const folder = join(dirname(newPath()), 'a b%20?c#d');
  mkdirSync(folder);
  const path = join(folder, 'runs.db');
  await openStore({ path });
  expect(readdirSync(folder)).toContain('runs.db');
});
