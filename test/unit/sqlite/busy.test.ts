import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inputOf, makeRun } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { parseTextQuery } from '../../../src/domain/text/text-query.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { holdLock } from './support/hold-lock.ts';
import { newPath, openStore } from './support/store-file.ts';

const ATOMIC = { atomic: true };
const BUSY = { code: 'BUSY', hint: expect.stringContaining('open') };
const SEARCH = {
  query: parseTextQuery('prompt'),
  filter: {},
  order: 'newest' as const,
  after: null,
  limit: 10,
};

describe('while another process has the write lock', () => {
  test('a write waits, other work goes on meanwhile, and the write is done when the lock is free', async () => {
    const path = newPath();
    const store = await openStore({ path });
    const letGo = await holdLock(path);
    let isDone = false;
    const write = store.write([put(makeRun(1))], ATOMIC).then((outcomes) => {
      isDone = true;
      return outcomes;
    });
    for (let turn = 0; turn < 20; turn += 1) {
      await sleep(1);
      await store.heads([makeRun(1).id]);
    }
    expect(isDone).toBe(false);
    await letGo();
    expect(await write).toMatchObject([{ result: 'inserted' }]);
  });

  test('what has waited long enough is told BUSY, with what to do, and nothing happened', async () => {
    const path = newPath();
    const store = await openStore({ path, busyTimeoutMs: 100 });
    const letGo = await holdLock(path);
    await expect(store.write([put(makeRun(1))], ATOMIC)).rejects.toMatchObject(BUSY);
    await expect(store.begin()).rejects.toMatchObject(BUSY);
    await expect(store.flush()).rejects.toMatchObject(BUSY);
    await letGo();
    expect((await store.read([makeRun(1).id])).size).toBe(0);
    expect(await store.write([put(makeRun(1))], ATOMIC)).toMatchObject([{ result: 'inserted' }]);
  });

  test('reading goes on, and a search finds what is sure and says how far behind it is', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(makeRun(1)), put(makeRun(2))], ATOMIC);
    const [one, two, three] = [1, 2, 3].map((number) => ({ id: makeRun(number).id }));
    expect(await store.searchText(SEARCH)).toMatchObject({ places: [two, one], behind: 0 });
    const changed = makeRun(1, { input: inputOf('something else') });
    await store.write([put(changed), put(makeRun(3))], ATOMIC);
    const letGo = await holdLock(path);
    expect((await store.read([makeRun(3).id])).size).toBe(1);
    expect((await store.statistics({})).totalRuns).toBe(3);
    expect(await store.searchText(SEARCH)).toMatchObject({ places: [two], behind: 2 });
    await letGo();
    expect(await store.searchText(SEARCH)).toMatchObject({ places: [three, two], behind: 0 });
  });

  test('a store that needs nothing written opens; a new one waits and is told BUSY', async () => {
    const path = newPath();
    await (await openSqliteStore({ path })).close();
    await holdLock(path);
    await openStore({ path, busyTimeoutMs: 100 });

    const empty = newPath();
    const letGo = await holdLock(empty);
    await expect(openSqliteStore({ path: empty, busyTimeoutMs: 100 })).rejects.toMatchObject(BUSY);
    const opening = openStore({ path: empty });
    await letGo();
    expect((await (await opening).statistics({})).totalRuns).toBe(0);
  });
});

test('while a transaction is open here, readers do not wait and do not see it', async () => {
  const store = await openStore({ path: newPath(), busyTimeoutMs: 100 });
  const transaction = await store.begin();
  await transaction.write([put(makeRun(1))], ATOMIC);
  expect((await store.statistics({})).totalRuns).toBe(0);
  expect(await store.searchText(SEARCH)).toEqual({ places: [], behind: 0 });
  await expect(store.write([put(makeRun(2))], ATOMIC)).rejects.toMatchObject({ code: 'BUSY' });
  await transaction.commit();
  expect((await store.statistics({})).totalRuns).toBe(1);
});

test('a loop of calls lets timers have their turn', async () => {
  const store = await openStore({ path: newPath() });
  const transaction = await store.begin();
  let isOver = false;
  setTimeout(() => {
    isOver = true;
  }, 30);
  // Without a turn for the timer this would go on for ever.
  while (!isOver) await transaction.heads([makeRun(1).id]);
  await transaction.rollback();
});
