import assert from 'node:assert/strict';
import { assertSameRun, collect, idsOf, rejectsWith, wrongType } from '../assertions.ts';
import { idOf, inputOf, makeRun, makeRuns } from '../make-run.ts';
import { largeText } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

/** `stream`: whole runs, one after another, while the store goes on changing. */
export function describeStream({ test }: Suite): void {
  test('an empty store streams nothing', async ({ repository }) => {
    assert.deepEqual(await collect(repository.stream()), []);
  });

  test('runs come whole, newest first unless asked otherwise', async ({ repository }) => {
    const runs = makeRuns(20, { steps: [{ kind: 'event', name: 'start' }], metadata: { a: 1 } });
    await repository.saveMany(runs);
    const newest = await collect(repository.stream());
    assert.deepEqual(idsOf(newest), idsOf(runs.toReversed()));
    const oldest = await collect(repository.stream({}, { order: 'oldest' }));
    for (const [index, run] of runs.entries()) assertSameRun(oldest[index] ?? null, run);
  });

  test('runs that are larger than a page of memory come all the same', async ({ repository }) => {
    const runs = makeRuns(20, { input: inputOf(largeText(7e5)) });
    await repository.saveMany(runs);
    const streamed = await collect(repository.stream({}, { order: 'oldest' }));
    assert.deepEqual(idsOf(streamed), idsOf(runs));
    assertSameRun(streamed[19] ?? null, runs[19] ?? makeRun(19));
  });

  test('whoever leaves early leaves the store as it was', async ({ repository }) => {
    await repository.saveMany(makeRuns(10));
    const seen: string[] = [];
    for await (const run of repository.stream()) {
      seen.push(run.id);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, [9, 8, 7].map(idOf));
    assert.equal((await repository.save(makeRun(99))).result, 'inserted');
    await repository.close();
  });

  test('runs that were there throughout come once, whatever is written meanwhile', async ({
    repository,
  }) => {
    const count = 700;
    await repository.saveMany(makeRuns(count));
    const seen: string[] = [];
    for await (const { id } of repository.stream({}, { order: 'oldest' })) {
      seen.push(id);
      if (seen.length === 5) {
        await repository.saveMany([makeRun(2, { tags: ['changed'] }), makeRun(9, { tags: ['x'] })]);
        await repository.saveMany([makeRun(1e6, { startedAt: '2020-01-01T00:00:00.000Z' })]);
        await repository.delete(idOf(600));
      }
    }
    assert.equal(new Set(seen).size, seen.length);
    const missing = makeRuns(count).filter(({ id }) => !seen.includes(id));
    assert.ok(
      missing.every(({ id }) => id === idOf(600)),
      `${missing.length} are missing`,
    );
  });

  test('two streams at once do not disturb one another', async ({ repository }) => {
    await repository.saveMany(makeRuns(50));
    const [newest, oldest] = await Promise.all([
      collect(repository.stream()),
      collect(repository.stream({}, { order: 'oldest' })),
    ]);
    assert.deepEqual(idsOf(newest), idsOf(oldest.toReversed()));
  });

  test('an order that there is not is refused', async ({ repository }) => {
    await rejectsWith('INVALID', collect(repository.stream({}, { order: wrongType('sideways') })));
  });
}
