import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import { collect, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `changes`: every change once, in order, and positions that say whose they are. */
export function describeChanges({ test, open }: Suite): void {
  test('an empty store has no changes', async ({ repository }) => {
    assert.deepEqual(await collect(repository.changes()), []);
  });

  test('a follower that waits can be ended by return', async ({ repository }) => {
    const changes = repository.changes({ follow: true })[Symbol.asyncIterator]();
    const next = changes.next();
    await changes.return?.();
    assert.equal((await next).done, true);
  });

  test('wrong options are refused', async ({ repository }) => {
    await rejectsWithTypeError(collect(repository.changes({ after: wrongType(5) })));
    await rejectsWithTypeError(collect(repository.changes({ signal: wrongType('stop') })));
    await rejectsWith('INVALID', collect(repository.changes(wrongType({ since: 'now' }))));
  });

  test('an insert, an update and a delete are told with version and digest', async ({
    repository,
  }) => {
    const changed = makeRun(1, { tags: ['changed'] });
    const before = new Date().toISOString();
    await repository.save(makeRun(1));
    await repository.save(changed);
    await repository.delete(idOf(1));
    const changes = await collect(repository.changes());
    assert.deepEqual(
      changes.map(({ runId, operation, version, digest, origin }) => ({
        runId,
        operation,
        version,
        digest,
        origin,
      })),
      [
        { operation: 'insert', version: 1, digest: digestOf(makeRun(1)) },
        { operation: 'update', version: 2, digest: digestOf(changed) },
        { operation: 'delete', version: 2, digest: null },
      ].map((change) => ({ runId: idOf(1), origin: null, ...change })),
    );
    for (const { at } of changes) assert.ok(at >= before && at <= new Date().toISOString(), at);
    assert.equal(new Set(changes.map(({ position }) => position)).size, 3);
    assert.equal(new Set(changes.map(({ transaction }) => transaction)).size, 3);
  });

  test('times never fall', async ({ repository }) => {
    for (const run of makeRuns(30)) await repository.save(run);
    const times = (await collect(repository.changes())).map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
  });

  test('from every position the rest follows, without gap or repetition', async ({
    repository,
  }) => {
    await repository.saveMany(makeRuns(5));
    await repository.saveMany([makeRun(0, { tags: ['a'] }), makeRun(7)]);
    await repository.deleteMany({ tag: 'a' });
    const all = await collect(repository.changes());
    assert.equal(all.length, 8);
    for (const [index, { position }] of all.entries()) {
      const rest = await collect(repository.changes({ after: position }));
      assert.deepEqual(rest, all.slice(index + 1));
    }
  });

  test('more changes than a batch come in the order of their writes', async ({ repository }) => {
    const runs = makeRuns(1300);
    await repository.saveMany(runs);
    const changes = await collect(repository.changes());
    assert.deepEqual(
      changes.map(({ runId }) => runId),
      runs.map(({ id }) => id),
    );
  });

  test('what did not change is no change', async ({ repository }) => {
    await repository.save(makeRun(1));
    await repository.save(makeRun(1));
    await repository.saveMany([makeRun(1), makeRun(1)]);
    await repository.delete(idOf(2));
    await assert.rejects(repository.save(makeRun(1, { status: 'QUEUED' })));
    assert.equal((await collect(repository.changes())).length, 1);
  });

  test('a position of another store is refused', async ({ repository }) => {
    const other = await open();
    try {
      await repository.save(makeRun(1));
      await other.repository.save(makeRun(1));
      const [change] = await collect(other.repository.changes());
      const after = change?.position ?? '';
      await rejectsWith('POSITION_UNKNOWN', collect(repository.changes({ after })));
      assert.deepEqual(await collect(other.repository.changes({ after })), []);
    } finally {
      await other.close();
    }
  });

  test('what is no position, or lies beyond the newest change, is refused', async ({
    repository,
    store,
  }) => {
    await repository.save(makeRun(1));
    const { storeId, epoch } = await store.position();
    const wrong = [
      '',
      'x',
      '1',
      `${storeId}.${epoch}`,
      `${storeId}.${epoch}.`,
      `${storeId}.${epoch}.x`,
      `${storeId}.${epoch}.-1`,
      `${storeId}.${epoch}.1e0`,
      `${storeId}.${epoch}. 1`,
      `${storeId}.${epoch}.999999999`,
      `${storeId}.other-epoch.1`,
    ];
    for (const after of wrong) {
      const { hint } = await rejectsWith(
        'POSITION_UNKNOWN',
        collect(repository.changes({ after })),
      );
      assert.ok(hint !== undefined, after);
    }
  });

  test('leaving early and starting again misses nothing', async ({ repository }) => {
    await repository.saveMany(makeRuns(4));
    let after = '';
    for await (const { position } of repository.changes()) {
      after = position;
      break;
    }
    await repository.save(makeRun(9));
    const rest = await collect(repository.changes({ after }));
    assert.deepEqual(
      rest.map(({ runId }) => runId),
      [1, 2, 3, 9].map(idOf),
    );
  });
}
