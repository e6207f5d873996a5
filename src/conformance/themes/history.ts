import assert from 'node:assert/strict';
import type { AgentRun } from '../../domain/run.ts';
import { assertSameRun, collect, rejectsWith } from '../assertions.ts';
import { formerStates } from '../former-states.ts';
import { idOf, inputOf, makeRun, outputOf, RECOVERABLE } from '../make-run.ts';
import { MODERATE_SAMPLES } from '../samples/samples.ts';
import type { Suite } from '../subject.ts';

/** `history` on the port: what each change overwrote, enough to go back to every former state. */
export function describeHistory({ test }: Suite): void {
  test('a run without changes has no history', async ({ store }) => {
    assert.deepEqual(await store.history(idOf(1)), []);
    assert.deepEqual(await formerStates(store, idOf(1)), [null]);
  });

  test('every step of a life can be undone', async ({ repository, store }) => {
    const life: AgentRun[] = [
      makeRun(1, { status: 'QUEUED' }),
      makeRun(1, { status: 'RUNNING', tags: ['a'] }),
      makeRun(1, { status: 'RUNNING', steps: [{ kind: 'event', name: 'one' }] }),
      makeRun(1, {
        status: 'FAILED',
        error: RECOVERABLE,
        output: { ...outputOf('half'), reasoning: 'because' },
        steps: [
          { kind: 'event', name: 'one' },
          { kind: 'message', output: 'two' },
        ],
      }),
      makeRun(1, { status: 'FAILED', error: { ...RECOVERABLE, stackTrace: 'at' } }),
      makeRun(1, { status: 'FAILED', input: inputOf('another'), ...{ unknown: { a: 1 } } }),
      makeRun(1, { status: 'FAILED', metadata: { a: [1] }, ...{ other: null } }),
    ];
    for (const run of life) await repository.save(run);
    await repository.delete(idOf(1));
    await repository.save(makeRun(1, { repository: 'born again' }));
    const states = await formerStates(store, idOf(1));
    const expected = [null, ...life, null, makeRun(1, { repository: 'born again' })];
    assert.equal(states.length, expected.length);
    for (const [index, run] of expected.entries()) {
      if (run === null) assert.equal(states[index], null);
      else assertSameRun(states[index] ?? null, run);
    }
    const operations = (await store.history(idOf(1))).map(({ operation }) => operation);
    const updates = Array.from({ length: life.length - 1 }, () => 'update');
    assert.deepEqual(operations, ['insert', ...updates, 'delete', 'insert']);
  });

  test('every sample can be changed into something bare, deleted, and undone', async ({
    repository,
    store,
  }) => {
    for (const { make } of MODERATE_SAMPLES) {
      const run = { ...make(), status: 'SUCCESS' as const };
      const bare = makeRun(0, { id: run.id, repository: 'bare' });
      for (const state of [run, bare, run]) await repository.save(state);
      await repository.delete(run.id);
      const [, ...states] = await formerStates(store, run.id);
      for (const [index, state] of [run, bare, run].entries()) {
        assertSameRun(states[index] ?? null, state);
      }
    }
  });

  test('what retry, claim and cancel did can be undone', async ({ repository, store }) => {
    await repository.save(makeRun(1, { status: 'FAILED', error: RECOVERABLE }));
    const { id } = await repository.retry(idOf(1));
    await repository.claim();
    await repository.cancel(id);
    const statuses = (states: (AgentRun | null)[]) => states.map((state) => state?.status);
    const parent = [undefined, 'FAILED', 'RETRYING', 'FAILED'];
    assert.deepEqual(statuses(await formerStates(store, idOf(1))), parent);
    const child = [undefined, 'QUEUED', 'RUNNING', 'CANCELLED'];
    assert.deepEqual(statuses(await formerStates(store, id)), child);
  });

  test('a history holds the changes of its run alone, as changes tells them', async ({
    repository,
    store,
  }) => {
    await repository.saveMany([makeRun(1), makeRun(2), makeRun(1, { tags: ['a'] })]);
    const history = await store.history(idOf(1));
    const all = await store.changes(null, 100);
    assert.deepEqual(
      history.map(({ overwrote: _, ...entry }) => entry),
      all.filter(({ runId }) => runId === idOf(1)),
    );
    assert.equal((await collect(repository.changes())).length, all.length);
  });

  test('pastChanges tells what changes and history do, from any place on', async ({
    repository,
    store,
  }) => {
    await repository.saveMany([makeRun(1), makeRun(2), makeRun(1, { tags: ['a'] })]);
    const place = await store.position();
    await repository.save(makeRun(2, { tags: ['b'] }));
    await repository.delete(idOf(1));
    for (const after of [null, place]) {
      const past = await store.pastChanges(after, 100);
      const entries = past.map(({ overwrote: _, ...entry }) => entry);
      assert.deepEqual(entries, await store.changes(after, 100));
      const histories = [...(await store.history(idOf(1))), ...(await store.history(idOf(2)))];
      for (const change of past) {
        assert.deepEqual(
          change,
          histories.find(({ cursor }) => cursor === change.cursor),
        );
      }
    }
    assert.equal((await store.pastChanges(place, 1)).length, 1);
    await rejectsWith('POSITION_UNKNOWN', store.pastChanges({ ...place, epoch: 'another' }, 1));
  });

  test('where nobody writes, every change is before the place that no transaction is around', async ({
    repository,
    store,
  }) => {
    await repository.saveMany([makeRun(1), makeRun(2)]);
    assert.deepEqual(await store.position({ whole: true }), await store.position());
    const unsettled = await store.changes(null, 100, { unsettled: true });
    assert.deepEqual(unsettled, await store.changes(null, 100));
  });

  test('a large part that stays is not kept again with each change', async ({
    repository,
    store,
  }) => {
    const input = inputOf('x'.repeat(1e5));
    await repository.save(makeRun(1, { status: 'QUEUED', input }));
    await repository.save(makeRun(1, { status: 'RUNNING', input }));
    const [, change] = await store.history(idOf(1));
    assert.deepEqual(change?.overwrote, { old: { status: 'QUEUED' }, added: [] });
  });
}
