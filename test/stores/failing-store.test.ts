import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import { failureOf, rejectsWith } from '../../src/conformance/assertions.ts';
import { idOf, makeRun, makeRuns, RECOVERABLE } from '../../src/conformance/make-run.ts';
import { RunledgerError } from '../../src/repository/errors.ts';
import { guardRepository } from '../../src/repository/guard/guarded-repository.ts';
import { PartlyDoneError } from '../../src/repository/partly-done-error.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';

/** A memory store of which one method fails from its n-th call on. */
function failing(
  method: 'write' | 'flush' | 'read' | 'begin',
  from: number,
  failure: Error,
): RunStore {
  const store = openMemoryStore();
  let calls = 0;
  const fail = () => {
    calls += 1;
    if (calls >= from) throw failure;
  };
  const wrapped = {
    write: async (...given: Parameters<RunStore['write']>) => {
      fail();
      return store.write(...given);
    },
    flush: async () => {
      fail();
      await store.flush();
    },
    read: async (...given: Parameters<RunStore['read']>) => {
      fail();
      return store.read(...given);
    },
    begin: async () => {
      fail();
      return store.begin();
    },
  };
  return { ...store, [method]: wrapped[method] };
}

describe('a store that fails', () => {
  test('ends saveMany with the report so far', async () => {
    const full = new RunledgerError('FULL', 'no space left', { hint: 'make room' });
    const store = failing('write', 3, full);
    const failure = await failureOf(guardRepository(store).saveMany(makeRuns(1700)));
    assert.ok(failure instanceof PartlyDoneError);
    assert.equal(failure.code, 'FULL');
    assert.equal(failure.hint, 'make room');
    assert.equal(failure.cause, full);
    const nothing = { updated: 0, unchanged: 0, rejected: [] };
    assert.deepEqual(failure.report, { inserted: 1000, ...nothing });
    assert.equal((await store.statistics({})).totalRuns, 1000);
  });

  test('ends saveMany when what was stored cannot be made safe', async () => {
    const store = failing('flush', 1, new Error('fsync failed'));
    const failure = await failureOf(guardRepository(store).saveMany(makeRuns(3)));
    assert.ok(failure instanceof PartlyDoneError);
    assert.equal(failure.code, 'STORE_FAILED');
    assert.equal(failure.report.inserted, 3);
  });

  test('is named STORE_FAILED, with the cause, where it has no name of its own', async () => {
    const cause = new Error('the disk is on fire');
    const repository = guardRepository(failing('read', 1, cause));
    const error = await rejectsWith('STORE_FAILED', repository.findById(idOf(1)));
    assert.equal(error.cause, cause);
    assert.match(error.message, /on fire/);
    await rejectsWith('STORE_FAILED', repository.retry(idOf(1)));
  });

  test('does not begin a transaction, and the callback is not called', async () => {
    const repository = guardRepository(failing('begin', 1, new Error('no')));
    let isCalled = false;
    const call = repository.transaction(async () => {
      isCalled = true;
    });
    await rejectsWith('STORE_FAILED', call);
    assert.equal(isCalled, false);
  });

  test('in the middle of deleteMany tells what is gone already', async () => {
    const full = new RunledgerError('FULL', 'no space left');
    // Two batches are saved, one of them is deleted.
    const repository = guardRepository(failing('write', 4, full));
    await repository.saveMany(makeRuns(600));
    const failure = await failureOf(repository.deleteMany({ status: 'SUCCESS' }));
    assert.ok(failure instanceof PartlyDoneError);
    assert.equal(failure.cause, full);
    assert.deepEqual(failure.report, { deleted: 500, active: 0 });
  });

  test('tells the failure of a write, not that of making it safe', async () => {
    const full = new RunledgerError('FULL', 'no space left');
    const store = failing('write', 2, full);
    store.flush = () => Promise.reject(new Error('fsync failed'));
    const failure = await failureOf(guardRepository(store).saveMany(makeRuns(600)));
    assert.ok(failure instanceof PartlyDoneError);
    assert.equal(failure.code, 'FULL');
  });

  test('in a rollback does not hide why it was asked for', async () => {
    const store = openMemoryStore();
    const { begin } = store;
    store.begin = async () => ({
      ...(await begin()),
      rollback: () => Promise.reject(new Error('connection lost')),
    });
    const { promise: warned, resolve } = Promise.withResolvers<Error>();
    process.once('warning', resolve);
    const mine = new Error('mine');
    const call = guardRepository(store).transaction(() => Promise.reject(mine));
    assert.equal(await failureOf(call), mine);
    assert.match((await warned).message, /connection lost/);
  });

  test('in the middle of a retry leaves both runs as they were', async () => {
    const store = failing('write', 2, new Error('no'));
    const repository = guardRepository(store);
    await repository.save(makeRun(1, { status: 'FAILED', error: RECOVERABLE }));
    await rejectsWith('STORE_FAILED', repository.retry(idOf(1)));
    assert.equal((await repository.findById(idOf(1)))?.status, 'FAILED');
    assert.equal((await repository.statistics()).totalRuns, 1);
  });
});
