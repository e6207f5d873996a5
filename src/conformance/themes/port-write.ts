import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import type { WriteOutcome } from '../../repository/write-operation.ts';
import { assertSameRun } from '../assertions.ts';
import { idOf, makeRun } from '../make-run.ts';
import { deletion, put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const changed = makeRun(1, { tags: ['changed'] });
const ATOMIC = { atomic: true } as const;
const EACH = { atomic: false } as const;

/** `write` on the port: outcomes, expectations, stamps, and what atomic means. */
export function describePortWrite({ test }: Suite): void {
  test('each operation has its outcome, in order', async ({ store }) => {
    const outcomes = await store.write(
      [
        put(makeRun(1)),
        put(makeRun(1)),
        put(changed),
        deletion(idOf(9)),
        put(makeRun(2)),
        deletion(idOf(2)),
        put(makeRun(2)),
      ],
      EACH,
    );
    assert.deepEqual(outcomes.map(withoutStamps), [
      { result: 'inserted', id: idOf(1), version: 1 },
      { result: 'unchanged', id: idOf(1), version: 1 },
      { result: 'updated', id: idOf(1), version: 2 },
      { result: 'absent', id: idOf(9) },
      { result: 'inserted', id: idOf(2), version: 1 },
      { result: 'deleted', id: idOf(2) },
      { result: 'inserted', id: idOf(2), version: 1 },
    ]);
    assert.deepEqual(await store.write([], ATOMIC), []);
  });

  test('what is expected and not found is a conflict that tells what was found', async ({
    store,
  }) => {
    await store.write([put(makeRun(1))], ATOMIC);
    const found = { id: idOf(1), version: 1, status: 'SUCCESS', digest: digestOf(makeRun(1)) };
    const outcomes = await store.write(
      [
        put(changed, { expect: { version: 2 } }),
        put(changed, { expect: { statuses: ['QUEUED', 'RUNNING'] } }),
        put(changed, { expect: { digests: [digestOf(makeRun(2))] } }),
        deletion(idOf(1), { version: 2 }),
        deletion(idOf(1), { statuses: [] }),
        deletion(idOf(1), { digests: [] }),
        put(makeRun(3), { expect: { version: 1 } }),
      ],
      EACH,
    );
    const over = ['version', 'statuses', 'digests', 'version', 'statuses', 'digests'];
    assert.deepEqual(outcomes, [
      ...over.map((name) => ({ result: 'conflict', id: idOf(1), over: name, found })),
      { result: 'conflict', id: idOf(3), over: 'version', found: null },
    ]);
    assertSameRun((await store.read([idOf(1)])).get(idOf(1)) ?? null, makeRun(1));
  });

  test('what is expected and found is done; an absent run meets statuses and digests', async ({
    store,
  }) => {
    await store.write([put(makeRun(1))], ATOMIC);
    const digests = [digestOf(makeRun(2)), digestOf(makeRun(1))];
    const outcomes = await store.write(
      [
        put(changed, { expect: { version: 1, statuses: ['SUCCESS'], digests } }),
        put(makeRun(4), { expect: { statuses: [], digests: [] } }),
        deletion(idOf(1), { version: 2, statuses: ['SUCCESS'], digests: [digestOf(changed)] }),
        deletion(idOf(5), { version: 3 }),
      ],
      ATOMIC,
    );
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      ['updated', 'inserted', 'deleted', 'absent'],
    );
  });

  test('a repeat is unchanged, whatever version and digest it expects, but not every status', async ({
    store,
  }) => {
    await store.write([put(makeRun(1))], ATOMIC);
    const expect = { version: 7, digests: [] };
    const [repeat] = await store.write([put(makeRun(1), { expect })], ATOMIC);
    assert.deepEqual(repeat, { result: 'unchanged', id: idOf(1), version: 1 });
    const only = { statuses: ['FAILED' as const] };
    const [refused] = await store.write([put(makeRun(1), { expect: only })], ATOMIC);
    assert.equal(refused?.result, 'conflict');
  });

  test('an atomic write with a conflict tells every outcome and does nothing', async ({
    store,
  }) => {
    await store.write([put(makeRun(1)), put(makeRun(2))], ATOMIC);
    const operations = [
      put(makeRun(3)),
      put(changed),
      put(makeRun(2, { tags: ['x'] }), { expect: { version: 9 } }),
      deletion(idOf(2)),
    ];
    const outcomes = await store.write(operations, ATOMIC);
    const results = ['inserted', 'updated', 'conflict', 'deleted'];
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      results,
    );
    const read = await store.read([1, 2, 3].map(idOf));
    assert.deepEqual([...read.keys()].sort(), [1, 2].map(idOf));
    assertSameRun(read.get(idOf(1)) ?? null, makeRun(1));
    assert.equal((await store.changes(null, 10)).length, 2);
  });

  test('a write that is not atomic does what can be done', async ({ store }) => {
    await store.write([put(makeRun(1)), put(makeRun(2))], ATOMIC);
    const operations = [
      put(makeRun(3)),
      put(changed, { expect: { version: 9 } }),
      deletion(idOf(2)),
    ];
    const outcomes = await store.write(operations, EACH);
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      ['inserted', 'conflict', 'deleted'],
    );
    assert.deepEqual([...(await store.read([1, 2, 3].map(idOf))).keys()].sort(), [1, 3].map(idOf));
    assert.equal((await store.changes(null, 10)).length, 4);
  });

  test('stamps that are kept are written as they are, what is lacking is stamped', async ({
    store,
  }) => {
    const stamps = {
      version: 7,
      createdAt: '2020-01-01T00:00:00.000Z',
      updatedAt: '2021-01-01T00:00:00.000Z',
    };
    const operations = [
      put({ ...makeRun(1), ...stamps }, { stamps: 'kept' }),
      put(makeRun(2), { stamps: 'kept' }),
      put({ ...makeRun(3), ...stamps }),
    ];
    await store.write(operations, ATOMIC);
    const read = await store.read([1, 2, 3].map(idOf));
    assert.deepEqual(read.get(idOf(1)), { ...makeRun(1), ...stamps });
    for (const number of [2, 3]) {
      const run = read.get(idOf(number));
      assert.equal(run?.version, 1);
      assert.ok((run?.createdAt ?? '') > stamps.updatedAt);
      assert.equal(run?.updatedAt, run?.createdAt);
    }
  });

  test('a version never falls, even when a copy brings a lower one', async ({ store }) => {
    const kept = (version: number, tag: string) =>
      put({ ...makeRun(1, { tags: [tag] }), version }, { stamps: 'kept' });
    for (const operation of [kept(5, 'a'), kept(9, 'b'), kept(2, 'c'), put(makeRun(1))]) {
      await store.write([operation], ATOMIC);
    }
    const versions = (await store.changes(null, 10)).map(({ version }) => version);
    assert.deepEqual(versions, [5, 9, 10, 11]);
  });
}

/** The times of a write are the clock's: compared elsewhere. */
function withoutStamps(outcome: WriteOutcome): object {
  if (!('createdAt' in outcome)) return outcome;
  const { createdAt: _c, updatedAt: _u, ...rest } = outcome;
  return rest;
}
