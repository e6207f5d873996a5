import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import { summarize } from '../../domain/run-summary.ts';
import { statisticsOf } from '../../domain/statistics.ts';
import { assertSameStatistics } from '../assert-statistics.ts';
import { assertSameRun, collect } from '../assertions.ts';
import { makeRun } from '../make-run.ts';
import { put } from '../operations.ts';
import { MODERATE_SAMPLES, SAMPLES } from '../samples/samples.ts';
import { EDGE_TEXTS } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

/** Every sample run goes in and comes back equal, by every way in and every way out. */
export function describeSamples({ test }: Suite): void {
  for (const { name, make } of SAMPLES) {
    test(`comes back as it went in: ${name}`, async ({ repository, store }) => {
      const run = make();
      await repository.save(run);
      const stored = await repository.findById(run.id);
      assertSameRun(stored, run);
      const head = (await store.heads([run.id])).get(run.id);
      assert.equal(head?.digest, stored && digestOf(stored));
      assert.equal((await repository.save(run)).result, 'unchanged');
      const [streamed = null] = await collect(repository.stream());
      assert.deepEqual(streamed, stored);
      const [summary] = (await repository.list()).items;
      assert.deepEqual(summary, stored && summarize(stored));
    });
  }

  test('all of them together, through saveMany', async ({ repository }) => {
    const { inserted } = await repository.saveMany(SAMPLES.values().map(({ make }) => make()));
    assert.equal(inserted, SAMPLES.length);
    for (const { make } of SAMPLES) {
      const run = make();
      assertSameRun(await repository.findById(run.id), run);
    }
    const again = await repository.saveMany(SAMPLES.values().map(({ make }) => make()));
    assert.equal(again.unchanged, SAMPLES.length);
    const runs = SAMPLES.map(({ make }) => make());
    assertSameStatistics(await repository.statistics(), statisticsOf(runs));
  });

  test('all of them together, through the port', async ({ store }) => {
    const runs = MODERATE_SAMPLES.map(({ make }) => make());
    await store.write(
      runs.map((run) => put(run, { stamps: 'kept' })),
      { atomic: true, durability: 'bulk' },
    );
    await store.flush();
    const read = await store.read(runs.map(({ id }) => id));
    for (const run of runs) assertSameRun(read.get(run.id) ?? null, run);
  });

  test('edge texts are found again by every condition of a filter', async ({ repository }) => {
    const conditions = ['repository', 'agent', 'sessionId', 'branch'] as const;
    const texts = Object.values(EDGE_TEXTS).filter((text) => text !== '');
    for (const [number, text] of texts.entries()) {
      const fields = Object.fromEntries(conditions.map((name) => [name, text]));
      const error = { code: text, message: '', recoverable: true };
      const input = { ...makeRun(0).input, model: text };
      await repository.save(makeRun(number, { ...fields, tags: [text], error, input }));
    }
    for (const [number, text] of texts.entries()) {
      for (const name of [...conditions, 'model', 'tag', 'errorCode']) {
        const { items } = await repository.list({ [name]: text });
        assert.deepEqual(
          items.map(({ startedAt }) => startedAt),
          [makeRun(number).startedAt],
          `${name} ${JSON.stringify(text)}`,
        );
      }
    }
  });

  test('one run can take the shape of every sample in turn, and leaves nothing behind', async ({
    repository,
  }) => {
    const { id } = makeRun(0);
    for (const { make } of [...MODERATE_SAMPLES, ...MODERATE_SAMPLES.slice(0, 1)]) {
      const run = { ...make(), id, status: 'SUCCESS' as const };
      await repository.save(run);
      assertSameRun(await repository.findById(id), run);
    }
  });
}
