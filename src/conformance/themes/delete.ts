import assert from 'node:assert/strict';
import {
  assertSameRun,
  collect,
  idsOf,
  rejectsWith,
  rejectsWithTypeError,
  wrongType,
} from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import { MODERATE_SAMPLES } from '../samples/samples.ts';
import type { Suite } from '../subject.ts';

/** `delete` of one run. */
export function describeDelete({ test }: Suite): void {
  test('a deleted run is gone from everywhere', async ({ repository, store }) => {
    await repository.saveMany(makeRuns(3));
    assert.equal(await repository.delete(idOf(1)), true);
    assert.equal(await repository.findById(idOf(1)), null);
    const left = [2, 0].map(idOf);
    assert.deepEqual(idsOf((await repository.list()).items), left);
    assert.deepEqual(idsOf(await collect(repository.stream())), left);
    assert.deepEqual(idsOf(await repository.findByRepository('acme/app')), left);
    assert.equal((await repository.statistics()).totalRuns, 2);
    assert.deepEqual(await store.heads([idOf(1)]), new Map());
  });

  test('what is not there is false', async ({ repository }) => {
    await repository.save(makeRun(1));
    assert.equal(await repository.delete(idOf(2)), false);
    assert.equal(await repository.delete('no id'), false);
    assert.equal(await repository.delete(idOf(1).toUpperCase()), true);
    assert.equal(await repository.delete(idOf(1)), false);
    assert.equal((await collect(repository.changes())).length, 2);
    await rejectsWithTypeError(repository.delete(wrongType(null)));
  });

  test('a run that is queued or running is ACTIVE and stays', async ({ repository }) => {
    for (const [number, status] of (['QUEUED', 'RUNNING'] as const).entries()) {
      await repository.save(makeRun(number, { status }));
      const { hint } = await rejectsWith('ACTIVE', repository.delete(idOf(number)));
      assert.match(hint ?? '', /[Cc]ancel/);
      assertSameRun(await repository.findById(idOf(number)), makeRun(number, { status }));
    }
  });

  test('a run in any other status can be deleted', async ({ repository }) => {
    const others = ['SUCCESS', 'FAILED', 'CANCELLED', 'RETRYING'] as const;
    for (const [number, status] of others.entries()) {
      await repository.save(makeRun(number, { status }));
      assert.equal(await repository.delete(idOf(number)), true, status);
    }
  });

  test('runs that point to it stay as they are', async ({ repository }) => {
    const child = makeRun(2, { parentRunId: idOf(1), callerRunId: idOf(1) });
    await repository.saveMany([makeRun(1), child]);
    await repository.delete(idOf(1));
    assertSameRun(await repository.findById(idOf(2)), child);
  });

  test('every sample can be deleted and stored again', async ({ repository }) => {
    for (const { name, make } of MODERATE_SAMPLES) {
      const run = { ...make(), status: 'SUCCESS' as const };
      await repository.save(run);
      assert.equal(await repository.delete(run.id), true, name);
      assert.equal((await repository.save(run)).result, 'inserted', name);
      assertSameRun(await repository.findById(run.id), run);
    }
  });

  test('deleted at once by several, it is deleted once', async ({ repository }) => {
    await repository.save(makeRun(1));
    const results = await Promise.all(Array.from({ length: 8 }, () => repository.delete(idOf(1))));
    assert.equal(results.filter(Boolean).length, 1);
  });
}
