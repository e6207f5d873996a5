import assert from 'node:assert/strict';
import {
  assertSameRun,
  idsOf,
  rejectsWith,
  rejectsWithTypeError,
  wrongType,
} from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `findById` and `findByRepository`. */
export function describeFind({ test }: Suite): void {
  test('a run is found by its id in either case', async ({ repository }) => {
    const id = 'abcdef00-0000-4000-8000-00000000abcd';
    await repository.saveMany([makeRun(1), makeRun(2, { id })]);
    assertSameRun(await repository.findById(idOf(1)), makeRun(1));
    assertSameRun(await repository.findById(id.toUpperCase()), makeRun(2, { id }));
  });

  test('an id that is not there is null, and so is a text that is no id', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    for (const id of [idOf(2), '', 'no id', `${idOf(1)} `, `${idOf(1)}\u0000`, '%', '\ud800']) {
      assert.equal(await repository.findById(id), null, JSON.stringify(id));
    }
  });

  test('an id that is no text is refused', async ({ repository }) => {
    for (const id of [undefined, null, 7, {}, [idOf(1)]]) {
      await rejectsWithTypeError(repository.findById(wrongType(id)));
    }
  });

  test('the runs of a repository come whole and newest first', async ({ repository }) => {
    const steps = [{ kind: 'event' as const, name: 'start' }];
    const runs = makeRuns(5, { steps });
    await repository.saveMany([...runs, makeRun(9, { repository: 'other' })]);
    const found = await repository.findByRepository('acme/app');
    assert.deepEqual(idsOf(found), idsOf(runs.toReversed()));
    for (const [index, run] of found.entries()) assertSameRun(run, makeRun(4 - index, { steps }));
  });

  test('runs of one millisecond come in the order of their ids', async ({ repository }) => {
    const { startedAt } = makeRun(0);
    const runs = [3, 1, 2].map((number) => makeRun(number, { startedAt }));
    await repository.saveMany(runs);
    const found = await repository.findByRepository('acme/app');
    assert.deepEqual(idsOf(found), [idOf(3), idOf(2), idOf(1)]);
  });

  test('a repository without runs is empty, and its name is taken literally', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    for (const name of ['none', '', 'acme/%', 'acme_app', 'ACME/APP', 'acme/app ', 'acme']) {
      assert.deepEqual(await repository.findByRepository(name), [], name);
    }
  });

  test('more runs than the limit are refused with a hint, as many are given', async ({
    repository,
  }) => {
    await repository.saveMany(makeRuns(3));
    assert.equal((await repository.findByRepository('acme/app', { limit: 3 })).length, 3);
    const tooMany = repository.findByRepository('acme/app', { limit: 2 });
    const { hint } = await rejectsWith('TOO_MANY', tooMany);
    assert.match(hint ?? '', /list|stream/);
  });

  test('a limit outside 1 to 10,000 is refused', async ({ repository }) => {
    for (const limit of [0, -1, 10_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await rejectsWith('INVALID', repository.findByRepository('acme/app', { limit }));
    }
    assert.deepEqual(await repository.findByRepository('acme/app', { limit: 10_000 }), []);
    await rejectsWithTypeError(
      repository.findByRepository('acme/app', { limit: wrongType<number>('5') }),
    );
    await rejectsWithTypeError(repository.findByRepository(wrongType(null)));
  });
}
