import assert from 'node:assert/strict';
import { assertSameRun, collect, failureOf, idsOf, rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns, RECOVERABLE } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `transaction`: whole or not at all, seen by nobody before, one at a time. */
export function describeTransaction({ test }: Suite): void {
  test('what the callback wrote is there when it resolves, and its result is given', async ({
    repository,
  }) => {
    await repository.saveMany([makeRun(8), makeRun(9)]);
    const result = await repository.transaction(async (inner) => {
      await inner.save(makeRun(1));
      await inner.saveMany(makeRuns(5).slice(2));
      await inner.delete(idOf(8));
      await inner.deleteMany({ since: makeRun(9).startedAt });
      return { kept: 'this' };
    });
    assert.deepEqual(result, { kept: 'this' });
    assert.deepEqual(idsOf(await collect(repository.stream())), [4, 3, 2, 1].map(idOf));
  });

  test('a callback that throws undoes everything, and its error comes through', async ({
    repository,
  }) => {
    await repository.saveMany([makeRun(1), makeRun(2, { status: 'QUEUED' })]);
    const changes = await collect(repository.changes());
    const failure = new Error('changed my mind');
    const call = repository.transaction(async (inner) => {
      await inner.save(makeRun(1, { tags: ['changed'] }));
      await inner.delete(idOf(1));
      await inner.save(makeRun(3));
      await inner.claim();
      throw failure;
    });
    assert.equal(await failureOf(call), failure);
    assertSameRun(await repository.findById(idOf(1)), makeRun(1));
    assertSameRun(await repository.findById(idOf(2)), makeRun(2, { status: 'QUEUED' }));
    assert.equal(await repository.findById(idOf(3)), null);
    assert.deepEqual(await collect(repository.changes()), changes);
    assert.equal((await repository.statistics()).totalRuns, 2);
    assert.equal((await repository.save(makeRun(3))).result, 'inserted');
  });

  test('a callback that throws at once, or throws nothing, rejects all the same', async ({
    repository,
  }) => {
    const failure = new Error('at once');
    const atOnce = repository.transaction(() => {
      throw failure;
    });
    assert.equal(await failureOf(atOnce), failure);
    assert.equal(
      await failureOf(repository.transaction(() => Promise.reject(undefined))),
      undefined,
    );
    assert.equal((await repository.save(makeRun(1))).result, 'inserted');
  });

  test('every method that works on runs works inside, on what was written inside', async ({
    repository,
  }) => {
    await repository.transaction(async (inner) => {
      await inner.save(makeRun(1, { status: 'FAILED', error: RECOVERABLE }));
      await inner.save(makeRun(2, { status: 'QUEUED' }));
      assertSameRun(await inner.findById(idOf(2)), makeRun(2, { status: 'QUEUED' }));
      assert.equal((await inner.findByRepository('acme/app')).length, 2);
      assert.equal((await inner.list()).items.length, 2);
      assert.equal((await collect(inner.stream())).length, 2);
      assert.equal((await inner.claim())?.id, idOf(2));
      const retry = await inner.retry(idOf(1));
      assert.equal((await inner.cancel(retry.id)).status, 'CANCELLED');
      assert.equal((await inner.findById(idOf(1)))?.status, 'FAILED');
      assert.equal((await inner.statistics()).totalRuns, 3);
      assert.deepEqual(inner.capabilities, repository.capabilities);
      assert.equal(inner.location, repository.location);
    });
    assert.equal((await repository.statistics()).byStatus.CANCELLED, 1);
  });

  test('others do not see it before it is over', async ({ repository }) => {
    await repository.save(makeRun(1));
    await repository.transaction(async (inner) => {
      await inner.save(makeRun(1, { tags: ['changed'] }));
      await inner.save(makeRun(2));
      assertSameRun(await repository.findById(idOf(1)), makeRun(1));
      assert.equal(await repository.findById(idOf(2)), null);
      assert.equal((await repository.list()).items.length, 1);
      assert.equal((await repository.statistics()).totalRuns, 1);
      assert.equal((await collect(repository.changes())).length, 1);
    });
    assert.equal((await repository.list()).items.length, 2);
  });

  test('a refused call inside does not end the transaction', async ({ repository }) => {
    await repository.save(makeRun(1));
    await repository.transaction(async (inner) => {
      await inner.save(makeRun(2));
      await rejectsWith('TRANSITION', inner.save(makeRun(1, { status: 'QUEUED' })));
      await rejectsWith('CONFLICT', inner.save({ ...makeRun(1, { tags: ['a'] }), version: 9 }));
      await rejectsWith('INVALID', inner.save({ ...makeRun(3), repository: '' }));
      await rejectsWith('NOT_FOUND', inner.retry(idOf(7)));
      await inner.save(makeRun(4));
    });
    assert.deepEqual(idsOf((await repository.list()).items), [4, 2, 1].map(idOf));
  });

  test('its changes have one name in the ledger, apart from every other', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    await repository.transaction(async (inner) => {
      await inner.save(makeRun(2));
      await inner.save(makeRun(3));
      await inner.delete(idOf(1));
    });
    await repository.save(makeRun(4));
    const names = (await collect(repository.changes())).map(({ transaction }) => transaction);
    assert.equal(names.length, 5);
    assert.equal(new Set(names).size, 3);
    assert.equal(new Set(names.slice(1, 4)).size, 1);
  });

  test('a transaction that writes nothing changes nothing', async ({ repository }) => {
    assert.equal(await repository.transaction(async (inner) => inner.findById(idOf(1))), null);
    assert.deepEqual(await collect(repository.changes()), []);
  });
}
