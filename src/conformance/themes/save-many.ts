import assert from 'node:assert/strict';
import { PartlyDoneError } from '../../repository/partly-done-error.ts';
import {
  assertSameRun,
  collect,
  failureOf,
  rejectsWithTypeError,
  wrongType,
} from '../assertions.ts';
import { idOf, inputOf, makeRun, makeRuns } from '../make-run.ts';
import { largeText } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

/** `saveMany`: counts, batches, what is rejected, a source that fails. */
export function describeSaveMany({ test }: Suite): void {
  test('runs of an array are counted by what became of them', async ({ repository }) => {
    await repository.saveMany(makeRuns(2));
    const report = await repository.saveMany([makeRun(0), makeRun(1, { tags: ['a'] }), makeRun(2)]);
    assert.deepEqual(report, { inserted: 1, updated: 1, unchanged: 1, rejected: [] });
    assertSameRun(await repository.findById(idOf(1)), makeRun(1, { tags: ['a'] }));
  });

  test('nothing given is nothing done', async ({ repository }) => {
    const nothing = { inserted: 0, updated: 0, unchanged: 0, rejected: [] };
    assert.deepEqual(await repository.saveMany([]), nothing);
    assert.deepEqual(await repository.saveMany(new Set()), nothing);
  });

  test('an async iterable of several batches arrives whole, and again changes nothing', async ({
    repository,
  }) => {
    const count = 1203;
    const runs = makeRuns(count);
    assert.equal((await repository.saveMany(slowly(runs))).inserted, count);
    const stored = await collect(repository.stream({}, { order: 'oldest' }));
    assert.equal(stored.length, count);
    for (const [index, run] of runs.entries()) assertSameRun(stored[index] ?? null, run);
    assert.equal((await repository.saveMany(slowly(runs))).unchanged, count);
    assert.equal((await collect(repository.changes())).length, count);
  });

  test('large runs arrive whole', async ({ repository }) => {
    const runs = makeRuns(12, { input: inputOf(largeText(1e6)) });
    assert.equal((await repository.saveMany(runs)).inserted, 12);
    for (const run of runs) assertSameRun(await repository.findById(run.id), run);
  });

  test('what is invalid or in conflict is reported, and the stream goes on', async ({
    repository,
  }) => {
    await repository.saveMany([makeRun(1, { status: 'SUCCESS' }), makeRun(2)]);
    const { rejected, ...counts } = await repository.saveMany([
      wrongType({ ...makeRun(10), repository: 7, retryCount: -1 }),
      makeRun(11),
      wrongType(null),
      makeRun(1, { status: 'QUEUED' }),
      { ...makeRun(2, { tags: ['a'] }), version: 9 },
      wrongType({ ...makeRun(12), id: 'no uuid' }),
      makeRun(13),
    ]);
    assert.deepEqual(counts, { inserted: 2, updated: 0, unchanged: 0 });
    assert.deepEqual(
      rejected.map(({ index, id, code }) => ({ index, id, code })),
      [
        { index: 0, id: idOf(10), code: 'INVALID' },
        { index: 2, id: null, code: 'INVALID' },
        { index: 3, id: idOf(1), code: 'TRANSITION' },
        { index: 4, id: idOf(2), code: 'CONFLICT' },
        { index: 5, id: 'no uuid', code: 'INVALID' },
      ],
    );
    assert.deepEqual(rejected[0]?.issues.map(({ path }) => path).sort(), [
      'repository',
      'retryCount',
    ]);
    assert.ok(rejected.every(({ message }) => message !== ''));
    assert.deepEqual((await repository.findById(idOf(1)))?.status, 'SUCCESS');
    assert.ok((await repository.findById(idOf(13))) !== null);
  });

  test('of two equal ids the later wins, near and far apart', async ({ repository }) => {
    const near = [makeRun(0, { tags: ['first'] }), makeRun(0, { tags: ['last'] })];
    const far = [makeRun(1, { tags: ['first'] }), ...makeRuns(700).slice(2)];
    const runs = [...near, ...far, makeRun(1, { tags: ['last'] })];
    const { inserted, updated, unchanged, rejected } = await repository.saveMany(runs);
    assert.deepEqual(rejected, []);
    assert.equal(inserted + updated + unchanged, runs.length);
    assert.deepEqual((await repository.findById(idOf(0)))?.tags, ['last']);
    assert.deepEqual((await repository.findById(idOf(1)))?.tags, ['last']);
  });

  test('a run may go through several statuses in one call', async ({ repository, store }) => {
    const steps = ['QUEUED', 'RUNNING', 'SUCCESS', 'RUNNING'] as const;
    const { rejected } = await repository.saveMany(steps.map((status) => makeRun(1, { status })));
    assert.deepEqual(
      rejected.map(({ index, code }) => [index, code]),
      [[3, 'TRANSITION']],
    );
    const run = await repository.findById(idOf(1));
    assert.equal(run?.status, 'SUCCESS');
    assert.equal(run?.version, 3);
    assert.deepEqual(
      (await store.history(idOf(1))).map(({ version }) => version),
      [1, 2, 3],
    );
  });

  test('a source that fails ends the call with what came before stored', async ({ repository }) => {
    const failure = new Error('the source broke');
    async function* breaking() {
      yield* makeRuns(600);
      throw failure;
    }
    const error = await failureOf(repository.saveMany(breaking()));
    assert.ok(error instanceof PartlyDoneError);
    assert.equal(error.code, 'SOURCE_FAILED');
    assert.equal((error.cause as Error).cause, failure);
    assert.equal(error.report.inserted, 600);
    assert.equal((await repository.statistics()).totalRuns, 600);
  });

  test('closing ends a source that never ends, with what came before stored', async (subject) => {
    const { promise: waiting, resolve: wait } = Promise.withResolvers<void>();
    async function* endless() {
      yield* makeRuns(3);
      wait();
      await new Promise(() => {});
    }
    const saved = failureOf(subject.repository.saveMany(endless()));
    await waiting;
    await subject.repository.close();
    const error = await saved;
    assert.ok(error instanceof PartlyDoneError);
    assert.equal(error.code, 'CLOSED');
    assert.equal(error.report.inserted, 3);
  });

  test('what is no iterable is refused', async ({ repository }) => {
    await rejectsWithTypeError(repository.saveMany(wrongType(null)));
    await rejectsWithTypeError(repository.saveMany(wrongType(42)));
    await rejectsWithTypeError(repository.saveMany(wrongType(makeRun(1))));
    await rejectsWithTypeError(repository.saveMany(wrongType('text')));
  });

  test('several calls at once store everything', async ({ repository }) => {
    const runs = makeRuns(400);
    const reports = await Promise.all(
      [0, 1, 2, 3].map((part) =>
        repository.saveMany(runs.filter((_, index) => index % 4 === part)),
      ),
    );
    assert.deepEqual(
      reports.map(({ inserted }) => inserted),
      [100, 100, 100, 100],
    );
    assert.equal((await repository.statistics()).totalRuns, 400);
  });
}

async function* slowly<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const [index, item] of items.entries()) {
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}
