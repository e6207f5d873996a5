import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerPosition } from '../../repository/position.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { idsOf, rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import { put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const ONE = { atomic: true };
const ALL = 1_000;

/** A time after everything that was written, and before everything that will be. */
async function between(): Promise<string> {
  await sleep(2);
  const time = new Date().toISOString();
  await sleep(2);
  return time;
}

async function runsIn(store: RunStore, after: LedgerPosition | null = null): Promise<string[]> {
  return (await store.changes(after, ALL)).map(({ runId }) => runId);
}

/** `trimLedger` on the port: the oldest changes go, and what is told of the rest stays true. */
export function describeTrimming({ test }: Suite): void {
  test('the oldest go up to a time, a few at a time, and the newest stays', async ({ store }) => {
    const ids = idsOf(makeRuns(7));
    assert.equal(await store.trimLedger(await between(), ALL), 0);
    for (const run of makeRuns(5)) await store.write([put(run)], ONE);
    const before = await between();
    for (const run of makeRuns(7).slice(5)) await store.write([put(run)], ONE);
    await store.catchUpSearch(ALL);
    assert.equal(await store.trimLedger('0001-01-01T00:00:00.000Z', ALL), 0);
    assert.equal(await store.trimLedger(before, 2), 2);
    assert.deepEqual(await runsIn(store), ids.slice(2));
    assert.equal(await store.trimLedger(before, ALL), 3);
    assert.equal(await store.trimLedger(before, ALL), 0);
    assert.deepEqual(await runsIn(store), ids.slice(5));
    const later = await between();
    assert.equal(await store.trimLedger(later, ALL), 1);
    assert.equal(await store.trimLedger(later, ALL), 0);
    assert.deepEqual(await runsIn(store), ids.slice(6));
    assert.equal((await store.statistics({})).totalRuns, 7);
  });

  test('places before the tail are not known any more, and the tail is', async ({
    store,
    reopen,
  }) => {
    const places = [await store.position()];
    for (const run of makeRuns(4)) {
      await store.write([put(run)], ONE);
      places.push(await store.position());
    }
    const entries = await store.changes(null, ALL);
    await store.catchUpSearch(ALL);
    await between();
    await store.trimLedger(new Date().toISOString(), 2);
    const kept = reopen === undefined ? store : (await reopen()).store;
    for (const [index, place] of places.entries()) {
      if (index < 2) {
        await rejectsWith('POSITION_UNKNOWN', kept.changes(place, ALL));
        await rejectsWith('POSITION_UNKNOWN', kept.changeAt(place));
      } else {
        assert.deepEqual(await kept.changes(place, ALL), entries.slice(index));
        assert.deepEqual(await kept.changeAt(place), index === 2 ? null : entries[index - 1]);
      }
    }
    assert.equal(await kept.changeAt('0001-01-01T00:00:00.000Z'), null);
    assert.deepEqual(await kept.changeAt('9999-12-31T23:59:59.999Z'), entries.at(-1));
    assert.deepEqual(await kept.position(), places.at(-1));
    await kept.write([put(makeRun(9))], ONE);
    assert.deepEqual(await runsIn(kept, places[4]), [idOf(9)]);
  });

  test('a large transaction is forgotten as a whole, and goes in pieces', async ({ store }) => {
    const start = await store.position();
    await store.write(
      makeRuns(5).map((run) => put(run)),
      ONE,
    );
    const end = await store.position();
    const inside = (await store.changes(null, ALL)).slice(0, 4);
    const before = await between();
    await store.write([put(makeRun(5))], ONE);
    await store.write([put(makeRun(6))], ONE);
    await store.catchUpSearch(ALL);
    for (const gone of [2, 2, 1, 0]) {
      assert.equal(await store.trimLedger(before, 2), gone);
      assert.deepEqual(await runsIn(store), [idOf(5), idOf(6)]);
      assert.deepEqual(await runsIn(store, end), [idOf(5), idOf(6)]);
      assert.equal(await store.changeAt(end), null);
      assert.equal(await store.changeAt(before), null);
      await rejectsWith('POSITION_UNKNOWN', store.changes(start, ALL));
      for (const { cursor } of inside) {
        await rejectsWith('POSITION_UNKNOWN', store.changes({ ...end, cursor }, ALL));
      }
    }
  });

  test('a transaction that went on after the time stays whole', async ({ store }) => {
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], ONE);
    const before = await between();
    await transaction.write([put(makeRun(2))], ONE);
    await transaction.commit();
    const later = await between();
    await store.write([put(makeRun(3))], ONE);
    await store.catchUpSearch(ALL);
    assert.equal(await store.trimLedger(before, ALL), 0);
    assert.equal(await store.trimLedger(before, 1), 0);
    assert.deepEqual(await runsIn(store), [idOf(1), idOf(2), idOf(3)]);
    assert.equal(await store.trimLedger(later, ALL), 2);
    assert.deepEqual(await runsIn(store), [idOf(3)]);
  });

  test('what the search index has not seen stays', async ({ store }) => {
    for (const run of makeRuns(4)) await store.write([put(run)], ONE);
    const before = await between();
    const unseen = await store.catchUpSearch(2);
    assert.equal(await store.trimLedger(before, ALL), Math.min(3, 4 - unseen));
    await store.catchUpSearch(ALL);
    await store.trimLedger(before, ALL);
    assert.equal(await store.catchUpSearch(0), 0);
  });

  test('of each run what is left is told', async ({ store }) => {
    await store.write([put(makeRun(1)), put(makeRun(2))], ONE);
    const before = await between();
    await store.write([put(makeRun(1, { tags: ['a'] }))], ONE);
    await store.catchUpSearch(ALL);
    await store.trimLedger(before, ALL);
    const history = await store.history(idOf(1));
    assert.deepEqual(
      history.map(({ operation, version }) => [operation, version]),
      [['update', 2]],
    );
    assert.deepEqual(await store.history(idOf(2)), []);
    assert.deepEqual([...(await store.lastChanges([idOf(1), idOf(2)])).keys()], [idOf(1)]);
    const [outcome] = await store.write([put(makeRun(2, { tags: ['b'] }))], ONE);
    assert.ok(outcome?.result === 'updated' && outcome.version === 2);
  });
}
