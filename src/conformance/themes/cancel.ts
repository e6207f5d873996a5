import assert from 'node:assert/strict';
import {
  assertSameRun,
  collect,
  rejectsWith,
  rejectsWithTypeError,
  wrongType,
} from '../assertions.ts';
import { idOf, makeRun } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `cancel`: for runs that are queued or running. */
export function describeCancel({ test }: Suite): void {
  for (const status of ['QUEUED', 'RUNNING'] as const) {
    test(`a ${status} run becomes CANCELLED now`, async ({ repository }) => {
      const run = makeRun(1, { status, tags: ['t'] });
      await repository.save(run);
      const before = Date.now();
      const cancelled = await repository.cancel(idOf(1));
      const at = Date.parse(cancelled.completedAt ?? '');
      assert.ok(at >= before && at <= Date.now(), cancelled.completedAt);
      const duration = at - Date.parse(run.startedAt);
      const completedAt = new Date(at).toISOString();
      assertSameRun(cancelled, { ...run, status: 'CANCELLED', completedAt, duration });
      assert.equal(cancelled.version, 2);
      assert.deepEqual(await repository.findById(idOf(1)), cancelled);
    });
  }

  test('a run that is CANCELLED already is returned as it is', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'QUEUED' }));
    const first = await repository.cancel(idOf(1));
    assert.deepEqual(await repository.cancel(idOf(1).toUpperCase()), first);
    assert.equal((await collect(repository.changes())).length, 2);
  });

  test('a run that has ended is refused', async ({ repository }) => {
    for (const [number, status] of (['SUCCESS', 'FAILED', 'RETRYING'] as const).entries()) {
      await repository.save(makeRun(number, { status }));
      await rejectsWith('TRANSITION', repository.cancel(idOf(number)));
      assertSameRun(await repository.findById(idOf(number)), makeRun(number, { status }));
    }
  });

  test('an id that is not there is NOT_FOUND', async ({ repository }) => {
    await rejectsWith('NOT_FOUND', repository.cancel(idOf(1)));
    await rejectsWith('NOT_FOUND', repository.cancel(''));
    await rejectsWithTypeError(repository.cancel(wrongType(1)));
  });

  test('cancelled at once by several, it is cancelled once', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'RUNNING' }));
    const results = await Promise.all(Array.from({ length: 8 }, () => repository.cancel(idOf(1))));
    for (const run of results) assert.deepEqual(run, results[0]);
    assert.equal(results[0]?.version, 2);
  });

  test('of a claim and a cancel at once both take effect or the cancel alone', async ({
    repository,
  }) => {
    await repository.save(makeRun(1, { status: 'QUEUED' }));
    const [claimed] = await Promise.all([repository.claim(), repository.cancel(idOf(1))]);
    const run = await repository.findById(idOf(1));
    assert.equal(run?.status, 'CANCELLED');
    assert.equal(run?.version, claimed === null ? 2 : 3);
  });
}
