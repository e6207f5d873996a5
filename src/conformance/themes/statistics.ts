import assert from 'node:assert/strict';
import { matchesFilter, normalizeFilter } from '../../domain/filter.ts';
import { statisticsOf } from '../../domain/statistics.ts';
import { assertSameStatistics } from '../assert-statistics.ts';
import { rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, makeRun, makeRuns, startOf } from '../make-run.ts';
import { POPULATION_FILTERS, population } from '../population.ts';
import { SAMPLES } from '../samples/samples.ts';
import type { Suite } from '../subject.ts';

const NO_RUN = { QUEUED: 0, RUNNING: 0, SUCCESS: 0, FAILED: 0, CANCELLED: 0, RETRYING: 0 };

/** `statistics`: counted by hand for small sets, and equal to the reference for large ones. */
export function describeStatistics({ test }: Suite): void {
  test('an empty store knows nothing, which is not 0', async ({ repository }) => {
    assert.deepEqual(await repository.statistics(), {
      totalRuns: 0,
      retiredRuns: 0,
      byStatus: NO_RUN,
      inferredStatus: 0,
      averageDuration: null,
      p95Duration: null,
      successRate: null,
      recordedSuccessRate: null,
      approximate: [],
      usage: null,
      runsWithoutUsage: 0,
      costUsd: null,
      runsWithoutCost: 0,
      byRepository: [],
    });
  });

  test('figures are those that a person would count', async ({ repository }) => {
    const usage = {
      inputTokens: 1,
      cacheReadTokens: 20,
      cacheWrite5mTokens: 300,
      cacheWrite1hTokens: 4000,
      outputTokens: 50_000,
      reasoningTokens: 600_000,
    };
    const unknown = { ...usage, inputTokens: 7, cacheReadTokens: null, reasoningTokens: null };
    await repository.saveMany([
      makeRun(1, { duration: 100, usage, costMicroUsd: 1_500_000 }),
      makeRun(2, { duration: 200, usage: unknown, costMicroUsd: 250_000 }),
      makeRun(3, { status: 'FAILED', duration: 600, repository: 'acme/api' }),
      makeRun(4, { status: 'FAILED', statusSource: 'inferred', costMicroUsd: 0 }),
    ]);
    assertSameStatistics(await repository.statistics(), {
      totalRuns: 4,
      retiredRuns: 0,
      byStatus: { ...NO_RUN, SUCCESS: 2, FAILED: 2 },
      inferredStatus: 1,
      averageDuration: 300,
      p95Duration: 560,
      successRate: 0.5,
      recordedSuccessRate: 2 / 3,
      approximate: [],
      usage: {
        inputTokens: 8,
        cacheReadTokens: 20,
        cacheWriteTokens: 8600,
        outputTokens: 700_000,
        reasoningTokens: 600_000,
      },
      runsWithoutUsage: 2,
      costUsd: 1.75,
      runsWithoutCost: 1,
      byRepository: [
        {
          repository: 'acme/app',
          totalRuns: 3,
          averageDuration: 150,
          p95Duration: 195,
          successRate: 2 / 3,
          lastRunAt: startOf(4),
        },
        {
          repository: 'acme/api',
          totalRuns: 1,
          averageDuration: 600,
          p95Duration: 600,
          successRate: 0,
          lastRunAt: startOf(3),
        },
      ],
    });
  });

  test('every filter gives the figures of the reference', async ({ repository }) => {
    const runs = population();
    await repository.saveMany(runs);
    for (const filter of POPULATION_FILTERS) {
      const normal = normalizeFilter(filter);
      const expected = statisticsOf(runs.filter((run) => matchesFilter(run, normal)));
      assertSameStatistics(await repository.statistics(filter), expected, JSON.stringify(filter));
    }
  });

  test('figures follow changes and deletions', async ({ repository }) => {
    const runs = population(60);
    await repository.saveMany(runs);
    const changed = runs.map((run, index) =>
      index % 2 === 0
        ? { ...run, duration: index * 10, repository: 'moved', costMicroUsd: 5 }
        : run,
    );
    await repository.saveMany(changed);
    await repository.deleteMany({ status: 'CANCELLED' });
    const left = changed.filter(({ status }) => status !== 'CANCELLED');
    assertSameStatistics(await repository.statistics(), statisticsOf(left));
  });

  test('repositories come by their runs, then by name in units', async ({ repository }) => {
    const names = ['b', 'a', 'B', 'é', '\ue000', '😀', '\ud800', 'two', 'two'];
    await repository.saveMany(names.map((name, number) => makeRun(number, { repository: name })));
    const { byRepository } = await repository.statistics();
    const order = byRepository.map(({ repository: name }) => name);
    assert.deepEqual(order, ['two', 'B', 'a', 'b', 'é', '\ud800', '😀', '\ue000']);
  });

  test('usage of which nothing is known counts as usage', async ({ repository }) => {
    const runs = SAMPLES.filter(({ name }) => name === 'usage of which nothing is known');
    await repository.saveMany([...runs.map(({ make }) => make()), makeRun(1)]);
    const { usage, runsWithoutUsage } = await repository.statistics();
    assert.equal(runsWithoutUsage, 1);
    assert.equal(usage?.inputTokens, 0);
  });

  test('large figures do not overflow', async ({ repository }) => {
    const most = 2 ** 53 - 1;
    const runs = makeRuns(5, { duration: most, costMicroUsd: most });
    await repository.saveMany(runs);
    assertSameStatistics(await repository.statistics(), statisticsOf(runs));
  });

  test('a run under way counts, and a filter that is no object is refused', async ({
    repository,
  }) => {
    await repository.save(makeRun(1, { status: 'QUEUED' }));
    await repository.claim();
    const { byStatus, successRate } = await repository.statistics(
      wrongType({ parentRunId: undefined }),
    );
    assert.deepEqual(byStatus, { ...NO_RUN, RUNNING: 1 });
    assert.equal(successRate, 0);
    await rejectsWithTypeError(repository.statistics(wrongType(idOf(1))));
  });
}
