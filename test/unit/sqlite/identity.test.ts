import { copyFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { newPath, openStore } from './support/store-file.ts';

const ATOMIC = { atomic: true };

/** A closed store of so many runs, each written by itself, and the position of its newest change. */
async function closedStore(runs: number) {
  const path = newPath();
  const store = await openSqliteStore({ path });
  for (const run of makeRuns(runs)) await store.write([put(run)], ATOMIC);
  const position = await store.position();
  await store.close();
  return { path, position };
}

describe('the identity of a store', () => {
  test('stays when it is opened again', async () => {
    const { path, position } = await closedStore(2);
    const store = await openStore({ path });
    expect(await store.position()).toEqual(position);
    expect(await store.changes(position, 10)).toEqual([]);
  });

  test('a copied file is the same store in a new epoch, and the original goes on', async () => {
    const { path, position } = await closedStore(2);
    const copyPath = newPath();
    copyFileSync(path, copyPath);
    const copy = await openStore({ path: copyPath });
    const { storeId, epoch } = await copy.position();
    expect(storeId).toBe(position.storeId);
    expect(epoch).not.toBe(position.epoch);
    await expect(copy.changes(position, 10)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
    expect(await copy.changes(null, 10)).toHaveLength(2);
    await copy.close();
    expect((await (await openStore({ path: copyPath })).position()).epoch).toBe(epoch);
    expect(await (await openStore({ path })).position()).toEqual(position);
  });

  test('a place is refused when an older copy was put over the file and went on', async () => {
    const { path } = await closedStore(2);
    const backup = newPath();
    copyFileSync(path, backup);
    const before = await openSqliteStore({ path });
    await before.write([put(makeRun(7))], ATOMIC);
    const lost = await before.position();
    await before.close();
    // Written over in place, the file keeps its inode and its birth: only the ledger can tell.
    copyFileSync(backup, path);
    const after = await openStore({ path, now: () => Date.now() + 5_000 });
    await expect(after.changes(lost, 10)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
    for (const number of [8, 9]) await after.write([put(makeRun(number))], ATOMIC);
    await expect(after.changes(lost, 10)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
  });

  test('the time of the ledger never falls, also over a restart', async () => {
    const path = newPath();
    const late = Date.parse('2030-01-01T00:00:00.000Z');
    const fast = await openSqliteStore({ path, now: () => late });
    await fast.write([put(makeRun(1))], ATOMIC);
    await fast.close();
    const slow = await openStore({ path, now: () => late - 60_000 });
    await slow.write([put(makeRun(2))], ATOMIC);
    const times = (await slow.changes(null, 10)).map(({ at }) => at);
    expect(times).toEqual(['2030-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z']);
  });
});
