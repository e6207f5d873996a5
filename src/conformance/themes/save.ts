import assert from 'node:assert/strict';
import { assertSameRun, collect, rejectsWith } from '../assertions.ts';
import { idOf, inputOf, makeRun, outputOf, RECOVERABLE } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `save` of one run: what is filled, kept, replaced, compared. */
export function describeSave({ test }: Suite): void {
  test('a new run is inserted at version 1 and comes back equal', async ({ repository }) => {
    const run = makeRun(1);
    assert.deepEqual(await repository.save(run), { id: run.id, version: 1, result: 'inserted' });
    const stored = await repository.findById(run.id);
    assertSameRun(stored, run);
    assert.equal(stored?.version, 1);
  });

  test('what is left out is filled', async ({ repository }) => {
    const before = new Date().toISOString();
    const { id } = await repository.save({
      repository: 'acme/app',
      status: 'SUCCESS',
      input: { prompt: 'only what must be' },
      output: { message: 'done' },
    });
    const run = await repository.findById(id);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(run !== null);
    assert.ok(run.startedAt >= before && run.startedAt <= new Date().toISOString());
    assert.equal(run.retryCount, 0);
    assert.deepEqual(run.input, inputOf('only what must be'));
    assert.deepEqual(run.output, outputOf('done'));
  });

  test('ids that are made rise', async ({ repository }) => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { startedAt: _startedAt, id: _id, ...run } = makeRun(count);
      ids.push((await repository.save(run)).id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.deepEqual(ids, ids.toSorted());
    assert.equal(new Set(ids).size, 3);
  });

  test('a Date, an offset, microseconds and an id in upper case are brought to one form', async ({
    repository,
  }) => {
    const id = 'ABCDEF00-0000-4000-8000-00000000ABCD';
    const saved = await repository.save({
      ...makeRun(1),
      id,
      parentRunId: id,
      startedAt: '2026-03-01T14:00:00.123456+02:00',
      completedAt: new Date('2026-03-01T12:00:01.000Z'),
    });
    assert.equal(saved.id, id.toLowerCase());
    const run = await repository.findById(saved.id);
    assert.equal(run?.parentRunId, id.toLowerCase());
    assert.equal(run?.startedAt, '2026-03-01T12:00:00.123Z');
    assert.equal(run?.completedAt, '2026-03-01T12:00:01.000Z');
  });

  test('a change counts the version up and keeps when the run was created', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    const first = await repository.findById(idOf(1));
    const changed = makeRun(1, { tags: ['changed'] });
    const result = await repository.save(changed);
    assert.deepEqual(result, { id: idOf(1), version: 2, result: 'updated' });
    const second = await repository.findById(idOf(1));
    assertSameRun(second, changed);
    assert.equal(second?.createdAt, first?.createdAt);
    assert.ok((second?.updatedAt ?? '') >= (first?.updatedAt ?? ''));
  });

  test('a save replaces the run whole: what it leaves out is gone', async ({ repository }) => {
    const full = makeRun(1, {
      status: 'FAILED',
      output: outputOf('half done'),
      error: RECOVERABLE,
      tags: ['a', 'b'],
      metadata: { a: 1 },
      steps: [
        { kind: 'event', name: 'one' },
        { kind: 'event', name: 'two' },
      ],
    });
    await repository.save(full);
    const bare = makeRun(1, { status: 'FAILED', steps: [{ kind: 'event', name: 'three' }] });
    await repository.save(bare);
    assertSameRun(await repository.findById(idOf(1)), bare);
    await repository.save(full);
    assertSameRun(await repository.findById(idOf(1)), full);
  });

  test('a repeat is unchanged, whatever its version, and leaves no change', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    const repeats = [
      makeRun(1),
      { ...makeRun(1), version: 1 },
      { ...makeRun(1), version: 77 },
      { ...makeRun(1), createdAt: '2001-01-01T00:00:00.000Z' },
    ];
    for (const repeat of repeats) {
      const result = await repository.save(repeat);
      assert.deepEqual(result, { id: idOf(1), version: 1, result: 'unchanged' });
    }
    assert.equal((await collect(repository.changes())).length, 1);
  });

  test('where a run came from is written, although it is not part of its digest', async ({
    repository,
  }) => {
    const source = { key: 'prompt 7', location: '/elsewhere' };
    await repository.save(makeRun(1));
    assert.equal((await repository.save({ ...makeRun(1), source })).result, 'updated');
    assert.deepEqual((await repository.findById(idOf(1)))?.source, source);
    assert.equal((await repository.save({ ...makeRun(1), source })).result, 'unchanged');
    // Who does not say where it came from does not say that it came from nowhere.
    assert.equal((await repository.save(makeRun(1))).result, 'unchanged');
    assert.deepEqual((await repository.findById(idOf(1)))?.source, source);
  });

  test('stamps that a caller gives are not taken over', async ({ repository }) => {
    const old = '2001-01-01T00:00:00.000Z';
    await repository.save({ ...makeRun(1), createdAt: old, updatedAt: old });
    const run = await repository.findById(idOf(1));
    assert.notEqual(run?.createdAt, old);
    assert.notEqual(run?.updatedAt, old);
  });

  test('with its version a run is changed, with another it is a conflict', async ({
    repository,
  }) => {
    await repository.save(makeRun(1));
    await repository.save({ ...makeRun(1, { tags: ['a'] }), version: 1 });
    await rejectsWith('CONFLICT', repository.save({ ...makeRun(1, { tags: ['b'] }), version: 1 }));
    await rejectsWith('CONFLICT', repository.save({ ...makeRun(1, { tags: ['b'] }), version: 3 }));
    const run = await repository.findById(idOf(1));
    assertSameRun(run, makeRun(1, { tags: ['a'] }));
    assert.equal(run?.version, 2);
    assert.equal((await collect(repository.changes())).length, 2);
  });

  test('with a version a run that is not stored is a conflict', async ({ repository }) => {
    const error = await rejectsWith('CONFLICT', repository.save({ ...makeRun(1), version: 1 }));
    assert.ok(error.hint !== undefined);
    assert.equal(await repository.findById(idOf(1)), null);
  });

  test('without a version the last write wins', async ({ repository }) => {
    for (const tag of ['a', 'b', 'c']) await repository.save(makeRun(1, { tags: [tag] }));
    const run = await repository.findById(idOf(1));
    assert.deepEqual(run?.tags, ['c']);
    assert.equal(run?.version, 3);
  });

  test('a run that was read can be changed and saved as it is', async ({ repository }) => {
    await repository.save(makeRun(1));
    const run = await repository.findById(idOf(1));
    assert.ok(run !== null);
    const result = await repository.save({ ...run, branch: 'main' });
    assert.deepEqual(result, { id: idOf(1), version: 2, result: 'updated' });
  });

  test('a version starts again at 1 after the run was deleted', async ({ repository }) => {
    await repository.save(makeRun(1));
    await repository.save(makeRun(1, { tags: ['a'] }));
    await repository.delete(idOf(1));
    assert.equal((await repository.save(makeRun(1))).version, 1);
  });
}
