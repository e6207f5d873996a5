import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import { idsOf } from '../assertions.ts';
import { idOf, inputOf, makeRun, makeRuns, startOf } from '../make-run.ts';
import { put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const ATOMIC = { atomic: true } as const;

/** `read`, `heads`, `summaries` and `page` on the port, and what the store says of itself. */
export function describePortRead({ test }: Suite): void {
  test('read and heads give what exists, once, by id', async ({ store }) => {
    await store.write(
      makeRuns(3, { steps: [{ kind: 'event' }] }).map((run) => put(run)),
      ATOMIC,
    );
    const ids = [2, 7, 0, 2].map(idOf);
    const read = await store.read(ids);
    assert.deepEqual([...read.keys()].sort(), [0, 2].map(idOf));
    assert.deepEqual(read.get(idOf(2))?.steps, [{ kind: 'event' }]);
    const heads = await store.heads(ids);
    assert.deepEqual([...heads.keys()].sort(), [0, 2].map(idOf));
    assert.deepEqual(heads.get(idOf(2)), {
      id: idOf(2),
      version: 1,
      status: 'SUCCESS',
      digest: digestOf(makeRun(2, { steps: [{ kind: 'event' }] })),
    });
    assert.deepEqual(await store.read([]), new Map());
    assert.deepEqual(await store.heads([]), new Map());
  });

  test('without steps a run lacks them and nothing else', async ({ store }) => {
    const bare = makeRun(1, { metadata: { a: 1 } });
    await store.write([put({ ...bare, steps: [{ kind: 'event' }] }), put(makeRun(2))], ATOMIC);
    const {
      version: _,
      createdAt: _c,
      updatedAt: _u,
      ...run
    } = (await store.read([idOf(1)], { withSteps: false })).get(idOf(1)) ?? assert.fail();
    assert.deepEqual(run, bare);
  });

  test('many ids at once are read', async ({ store }) => {
    const runs = makeRuns(1200);
    await store.write(
      runs.map((run) => put(run)),
      ATOMIC,
    );
    const ids = makeRuns(3000).map(({ id }) => id);
    assert.equal((await store.read(ids)).size, 1200);
    assert.equal((await store.heads(ids)).size, 1200);
    assert.equal((await store.lastChanges(ids)).size, 1200);
  });

  test('a page ends at its limit or its bytes, and goes on after a place', async ({ store }) => {
    const runs = makeRuns(10, { input: inputOf('x'.repeat(10_000)) });
    await store.write(
      runs.map((run) => put(run)),
      ATOMIC,
    );
    const request = { filter: {}, order: 'oldest', after: null, limit: 100 } as const;
    assert.equal((await store.page({ ...request, maxBytes: 1e7 })).length, 10);
    assert.equal((await store.page({ ...request, maxBytes: 1e7, limit: 3 })).length, 3);
    assert.equal((await store.page({ ...request, maxBytes: 1 })).length, 1);
    const some = await store.page({ ...request, maxBytes: 35_000 });
    assert.ok(some.length >= 1 && some.length <= 4, `${some.length} runs in 35 kB`);
    const after = { startedAt: startOf(8), id: idOf(8) };
    assert.deepEqual(idsOf(await store.page({ ...request, after, maxBytes: 1e7 })), [idOf(9)]);
    assert.deepEqual(
      await store.page({
        ...request,
        after: { ...after, id: idOf(99), startedAt: startOf(9) },
        maxBytes: 1,
      }),
      [],
    );
  });

  test('a place need not be that of a run', async ({ store }) => {
    await store.write(
      makeRuns(4).map((run) => put(run)),
      ATOMIC,
    );
    const after = { startedAt: startOf(1), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
    const request = { filter: {}, after, limit: 10 } as const;
    const oldest = await store.summaries({ ...request, order: 'oldest' });
    assert.deepEqual(idsOf(oldest), [2, 3].map(idOf));
    const newest = await store.summaries({ ...request, order: 'newest' });
    assert.deepEqual(idsOf(newest), [1, 0].map(idOf));
  });

  test('a store says what it is', async ({ store, repository }) => {
    assert.ok(['memory', 'file', 'sqlite', 'postgres'].includes(store.kind), store.kind);
    assert.notEqual(store.location, '');
    assert.equal(typeof store.capabilities.durable, 'boolean');
    assert.equal(typeof store.capabilities.manyProcesses, 'boolean');
    assert.equal(repository.location, store.location);
    assert.deepEqual(repository.capabilities, store.capabilities);
  });
}
