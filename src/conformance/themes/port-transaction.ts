import assert from 'node:assert/strict';
import { accessCalls } from '../access-calls.ts';
import { idsOf, rejectsWith } from '../assertions.ts';
import { idOf, makeRun } from '../make-run.ts';
import { deletion, put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const ATOMIC = { atomic: true } as const;
const PAGE = { filter: {}, order: 'oldest', after: null, limit: 10 } as const;

/** `begin` on the port: its own writes seen, all or nothing, one at a time. */
export function describePortTransaction({ test }: Suite): void {
  test('it sees its own writes, others see them after the commit', async ({ store }) => {
    await store.write([put(makeRun(1))], ATOMIC);
    const transaction = await store.begin();
    await transaction.write([put(makeRun(2)), deletion(idOf(1))], ATOMIC);
    assert.deepEqual([...(await transaction.read([1, 2].map(idOf))).keys()], [idOf(2)]);
    assert.deepEqual([...(await transaction.heads([1, 2].map(idOf))).keys()], [idOf(2)]);
    assert.deepEqual(idsOf(await transaction.summaries(PAGE)), [idOf(2)]);
    assert.deepEqual(idsOf(await transaction.page({ ...PAGE, maxBytes: 1e6 })), [idOf(2)]);
    assert.equal((await transaction.statistics({})).totalRuns, 1);
    assert.deepEqual(idsOf(await store.summaries(PAGE)), [idOf(1)]);
    await transaction.commit();
    assert.deepEqual(idsOf(await store.summaries(PAGE)), [idOf(2)]);
  });

  test('after a rollback nothing of it is left', async ({ store }) => {
    await store.write([put(makeRun(1))], ATOMIC);
    const position = await store.position();
    const transaction = await store.begin();
    await transaction.write([put(makeRun(2)), deletion(idOf(1))], ATOMIC);
    await transaction.rollback();
    assert.deepEqual(idsOf(await store.summaries(PAGE)), [idOf(1)]);
    assert.deepEqual(await store.position(), position);
    assert.deepEqual(await store.history(idOf(2)), []);
  });

  test('an atomic write with a conflict undoes itself and not what came before', async ({
    store,
  }) => {
    const transaction = await store.begin();
    await transaction.write([put(makeRun(1))], ATOMIC);
    const outcomes = await transaction.write(
      [put(makeRun(2)), put(makeRun(3), { expect: { version: 4 } })],
      ATOMIC,
    );
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      ['inserted', 'conflict'],
    );
    await transaction.write([put(makeRun(4))], ATOMIC);
    await transaction.commit();
    assert.deepEqual(idsOf(await store.summaries(PAGE)), [1, 4].map(idOf));
    assert.deepEqual(
      (await store.changes(null, 10)).map(({ runId }) => runId),
      [1, 4].map(idOf),
    );
  });

  for (const end of ['commit', 'rollback'] as const) {
    test(`after its ${end} every call is CLOSED and changes nothing`, async ({ store }) => {
      const transaction = await store.begin();
      await transaction.write([put(makeRun(1))], ATOMIC);
      await transaction[end]();
      await rejectsWith('CLOSED', transaction.commit());
      for (const call of Object.values(accessCalls(transaction))) {
        await rejectsWith('CLOSED', call());
      }
      await transaction.rollback();
      const stored = end === 'commit' ? [idOf(1)] : [];
      assert.deepEqual(idsOf(await store.summaries(PAGE)), stored);
    });
  }

  test('the next one begins when this one is over', async ({ store }) => {
    const first = await store.begin();
    const order: string[] = [];
    const second = store.begin().then(async (transaction) => {
      order.push('second began');
      assert.equal((await transaction.statistics({})).totalRuns, 1);
      await transaction.rollback();
    });
    await first.write([put(makeRun(1))], ATOMIC);
    order.push('first commits');
    await first.commit();
    await second;
    assert.deepEqual(order, ['first commits', 'second began']);
  });
}
