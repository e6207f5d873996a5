import assert from 'node:assert/strict';
import { assertSameRun, rejectsWith } from '../assertions.ts';
import { idOf, makeRun } from '../make-run.ts';
import { deletion, put } from '../operations.ts';
import { EDGE_TEXTS } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

const ONE = { atomic: true };

/** Fails unless a call is refused because the store was moved, and the refusal names the place. */
async function refused(call: Promise<unknown>): Promise<void> {
  const { message } = await rejectsWith('MOVED', call);
  assert.match(message, /moved to sqlite:\/elsewhere\/runs\.db/);
}

/** What a store knows of being copied from and to: how far copies got, and where it was moved. */
export function describeMoving({ test }: Suite): void {
  test('a fresh store knows of no copy, and was not moved', async ({ store }) => {
    assert.deepEqual(await store.transfers(), []);
    assert.equal(await store.movedTo(), null);
    await store.liftFence();
  });

  test('how far a copy got is kept by its origin, whatever that is', async ({ store, reopen }) => {
    const origins = Object.values(EDGE_TEXTS);
    for (const [at, origin] of origins.entries()) {
      await store.keepTransfer({ origin, state: { at, name: origin, deep: [{ none: null }] } });
    }
    await store.keepTransfer({ origin: origins[0] ?? '', state: { at: 'later' } });
    const expected = new Map<string, unknown>(
      origins.map((origin, at) => [origin, { at, name: origin, deep: [{ none: null }] }]),
    );
    expected.set(origins[0] ?? '', { at: 'later' });
    const kept = reopen === undefined ? store : (await reopen()).store;
    const found = await kept.transfers();
    assert.equal(found.length, expected.size);
    assert.deepEqual(new Map(found.map(({ origin, state }) => [origin, state])), expected);
    const again = (await kept.transfers()).map(({ origin }) => origin);
    assert.deepEqual(
      found.map(({ origin }) => origin),
      again,
    );
  });

  test('a store that was moved refuses every change, and says where to make it', async ({
    repository,
    store,
  }) => {
    const run = makeRun(1);
    await repository.save(run);
    const before = await store.position();
    const position = await store.fence('sqlite:/elsewhere/runs.db');
    assert.deepEqual(position, before);
    assert.equal(await store.movedTo(), 'sqlite:/elsewhere/runs.db');
    await refused(repository.save(makeRun(2)));
    await refused(repository.save({ ...run, branch: 'other' }));
    await refused(repository.saveMany([makeRun(3), makeRun(4)]));
    await refused(store.write([deletion(run.id)], ONE));
    const many = [put(makeRun(5)), put(makeRun(6))];
    await refused(store.write(many, { atomic: false, durability: 'bulk' }));
    const twice = repository.transaction(async (transaction) => {
      await transaction.save(makeRun(7));
    });
    await refused(twice);
    // What is there stays and can be read; what is stored already may be saved again.
    assertSameRun(await repository.findById(run.id), run);
    assert.equal((await repository.save(run)).version, 1);
    assert.deepEqual(await store.position(), before);
    assert.deepEqual(await store.changes(before, 10), []);
    assert.equal((await repository.statistics()).totalRuns, 1);
    await store.quarantine([{ origin: 'a', name: 'x', reason: 'is no run', bytes: null }]);
    await store.keepTransfer({ origin: 'a', state: {} });
  });

  test('a transaction under way keeps a fence waiting, or fails as a whole', async ({ store }) => {
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], ONE);
    const fenced = store.fence('file:/elsewhere');
    await transaction.commit();
    const position = await fenced;
    const entries = await store.changes(null, 10);
    assert.deepEqual(
      entries.map(({ runId }) => runId),
      [idOf(1)],
    );
    assert.equal(position.cursor, entries[0]?.cursor);
    const later = await store.begin();
    await rejectsWith('MOVED', later.write([put(makeRun(2))], ONE));
    await later.rollback();
    assert.equal((await store.heads([idOf(1), idOf(2)])).size, 1);
  });

  test('a fence stays where it is until it is lifted', async ({ store, reopen }) => {
    await store.write([put(makeRun(1))], ONE);
    const position = await store.fence('file:/elsewhere');
    const kept = reopen === undefined ? store : (await reopen()).store;
    assert.equal(await kept.movedTo(), 'file:/elsewhere');
    assert.equal((await kept.fence('file:/elsewhere')).cursor, position.cursor);
    assert.match(
      (await rejectsWith('MOVED', kept.fence('file:/a/third/place'))).message,
      /file:\/elsewhere/,
    );
    await rejectsWith('MOVED', kept.write([put(makeRun(2))], ONE));
    await kept.liftFence();
    assert.equal(await kept.movedTo(), null);
    const [outcome] = await kept.write([put(makeRun(2))], ONE);
    assert.equal(outcome?.result, 'inserted');
  });
}
