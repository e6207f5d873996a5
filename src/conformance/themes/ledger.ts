import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import { rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import { deletion, put } from '../operations.ts';
import type { Suite } from '../subject.ts';

/** The ledger on the port: positions, changes, the last change of each run. */
export function describeLedger({ test, open }: Suite): void {
  test('the position of an empty store is the place before its first change', async ({ store }) => {
    const start = await store.position();
    assert.deepEqual(await store.changes(start, 10), []);
    await store.write([put(makeRun(1))], { atomic: true });
    assert.deepEqual(
      (await store.changes(start, 10)).map(({ runId }) => runId),
      [idOf(1)],
    );
    assert.deepEqual(await store.changes(await store.position(), 10), []);
  });

  test('changes come at most as many as asked for, from any place', async ({ store }) => {
    await store.write(
      makeRuns(7).map((run) => put(run)),
      { atomic: true },
    );
    const { storeId, epoch } = await store.position();
    const ids: string[] = [];
    let after = null;
    for (;;) {
      const entries = await store.changes(after, 3);
      const last = entries.at(-1);
      if (last === undefined) break;
      assert.ok(entries.length <= 3);
      ids.push(...entries.map(({ runId }) => runId));
      after = { storeId, epoch, cursor: last.cursor };
    }
    assert.deepEqual(
      ids,
      makeRuns(7).map(({ id }) => id),
    );
  });

  test('the position is that of the newest change', async ({ store }) => {
    await store.write([put(makeRun(1)), put(makeRun(2))], { atomic: true });
    const [last] = (await store.changes(null, 10)).slice(-1);
    assert.equal((await store.position()).cursor, last?.cursor);
  });

  test('a change is found by its place, and the newest of a time by that', async ({ store }) => {
    const start = await store.position();
    assert.equal(await store.changeAt(start), null);
    assert.equal(await store.changeAt('9999-12-31T23:59:59.999Z'), null);
    for (const run of makeRuns(20)) await store.write([put(run)], { atomic: true });
    const { storeId, epoch } = start;
    const all = await store.changes(null, 100);
    for (const entry of all) {
      assert.deepEqual(await store.changeAt({ storeId, epoch, cursor: entry.cursor }), entry);
      const last = all.findLast(({ at }) => at === entry.at);
      assert.deepEqual(await store.changeAt(entry.at), last);
    }
    assert.equal(await store.changeAt(start), null);
    assert.equal(await store.changeAt('0001-01-01T00:00:00.000Z'), null);
    assert.deepEqual(await store.changeAt('9999-12-31T23:59:59.999Z'), all.at(-1));
  });

  test('a place of another store or epoch is refused', async ({ store }) => {
    const other = await open();
    try {
      await store.write([put(makeRun(1))], { atomic: true });
      const here = await store.position();
      const there = await other.store.position();
      assert.notEqual(here.storeId, there.storeId);
      await rejectsWith('POSITION_UNKNOWN', other.store.changes(here, 10));
      await rejectsWith('POSITION_UNKNOWN', other.store.changeAt(here));
      for (const wrong of [{ epoch: there.epoch }, { storeId: there.storeId }, { cursor: 'x' }]) {
        await rejectsWith('POSITION_UNKNOWN', store.changes({ ...here, ...wrong }, 10));
        await rejectsWith('POSITION_UNKNOWN', store.changeAt({ ...here, ...wrong }));
      }
    } finally {
      await other.close();
    }
  });

  test('where a copy comes from is kept beside each change', async ({ store }) => {
    await store.write([put(makeRun(1))], { atomic: true, origin: 'file:/elsewhere' });
    await store.write([put(makeRun(1, { tags: ['a'] }))], { atomic: true, origin: null });
    await store.write([put(makeRun(1, { tags: ['b'] }))], { atomic: true });
    await store.write([deletion(idOf(1))], { atomic: true, origin: 'elsewhere\u0000' });
    const origins = (await store.changes(null, 10)).map(({ origin }) => origin);
    assert.deepEqual(origins, ['file:/elsewhere', null, null, 'elsewhere\u0000']);
  });

  test('the last change of a run is told, of a deleted one too', async ({ store }) => {
    const changed = makeRun(1, { tags: ['a'] });
    await store.write([put(makeRun(1)), put(makeRun(2)), put(changed)], { atomic: true });
    await store.write([deletion(idOf(2))], { atomic: true });
    const last = await store.lastChanges([idOf(2), idOf(1), idOf(3), idOf(1)]);
    assert.deepEqual([...last.keys()].sort(), [idOf(1), idOf(2)]);
    assert.equal(last.get(idOf(1))?.digest, digestOf(changed));
    assert.equal(last.get(idOf(1))?.version, 2);
    assert.equal(last.get(idOf(2))?.operation, 'delete');
    assert.deepEqual(await store.lastChanges([]), new Map());
    const all = await store.changes(null, 10);
    assert.deepEqual(last.get(idOf(2)), all.at(-1));
  });

  test('one write is one transaction of the ledger', async ({ store }) => {
    await store.write([put(makeRun(1)), put(makeRun(2))], { atomic: false });
    await store.write([put(makeRun(3))], { atomic: false });
    const names = (await store.changes(null, 10)).map(({ transaction }) => transaction);
    assert.equal(names[0], names[1]);
    assert.notEqual(names[1], names[2]);
  });
}
