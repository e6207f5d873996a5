import assert from 'node:assert/strict';
import {
  assertSameRun,
  idsOf,
  rejectsWith,
  rejectsWithTypeError,
  wrongType,
} from '../assertions.ts';
import { idOf, makeRun, makeRuns, RECOVERABLE, startOf } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `claim`: the oldest queued run, to exactly one. */
export function describeClaim({ test }: Suite): void {
  test('nothing queued is null', async ({ repository }) => {
    assert.equal(await repository.claim(), null);
    await repository.save(makeRun(1));
    assert.equal(await repository.claim(), null);
  });

  test('the oldest queued run becomes RUNNING, and nothing else of it changes', async ({
    repository,
  }) => {
    await repository.saveMany(makeRuns(4, { status: 'QUEUED', tags: ['t'] }));
    await repository.cancel(idOf(0));
    const run = await repository.claim();
    assertSameRun(run, makeRun(1, { status: 'RUNNING', tags: ['t'] }));
    assert.equal(run?.version, 2);
    assert.deepEqual(await repository.findById(idOf(1)), run);
    assert.equal((await repository.claim())?.id, idOf(2));
    assert.equal((await repository.claim())?.id, idOf(3));
    assert.equal(await repository.claim(), null);
  });

  test('of one millisecond the smallest id comes first', async ({ repository }) => {
    const startedAt = startOf(0);
    await repository.saveMany([3, 1, 2].map((n) => makeRun(n, { status: 'QUEUED', startedAt })));
    assert.equal((await repository.claim())?.id, idOf(1));
  });

  test('a filter says which runs are meant', async ({ repository }) => {
    await repository.saveMany([
      makeRun(1, { status: 'QUEUED', agent: 'a' }),
      makeRun(2, { status: 'QUEUED', agent: 'b', tags: ['x'] }),
      makeRun(3, { status: 'QUEUED', agent: 'b', tags: ['y'] }),
    ]);
    assert.equal(await repository.claim({ agent: 'c' }), null);
    assert.equal((await repository.claim({ agent: 'b', tag: 'y' }))?.id, idOf(3));
    assert.equal((await repository.claim({ agent: 'b' }))?.id, idOf(2));
    assert.equal(await repository.claim({ agent: 'b' }), null);
  });

  test('a retry is claimed like any other run', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'FAILED', error: RECOVERABLE }));
    const { id } = await repository.retry(idOf(1));
    assert.equal((await repository.claim())?.id, id);
  });

  test('a filter that names a status, or is none, is refused', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'QUEUED' }));
    await rejectsWith('INVALID', repository.claim(wrongType({ status: 'FAILED' })));
    await rejectsWith('INVALID', repository.claim(wrongType({ colour: 'red' })));
    await rejectsWithTypeError(repository.claim(wrongType('QUEUED')));
    assert.equal((await repository.findById(idOf(1)))?.status, 'QUEUED');
  });

  test('of 20 that try at once for one run exactly one gets it', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'QUEUED' }));
    const claims = await Promise.all(Array.from({ length: 20 }, () => repository.claim()));
    assert.deepEqual(idsOf(claims.filter((run) => run !== null)), [idOf(1)]);
    assert.equal((await repository.findById(idOf(1)))?.version, 2);
  });

  test('20 that try at once for 25 runs get one each', async ({ repository }) => {
    await repository.saveMany(makeRuns(25, { status: 'QUEUED' }));
    const claims = await Promise.all(Array.from({ length: 20 }, () => repository.claim()));
    const ids = idsOf(claims.filter((run) => run !== null));
    assert.equal(new Set(ids).size, 20);
    assert.equal((await repository.list({ status: 'QUEUED' })).items.length, 5);
  });
}
