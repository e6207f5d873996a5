import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { assertSameStatistics } from '../../src/conformance/assert-statistics.ts';
import { percentile, statisticsOf } from '../../src/domain/statistics.ts';
import { RUN_STATUSES } from '../../src/domain/status.ts';
import { anyRun } from './support/arbitrary-run.ts';

const runs = fc.array(anyRun, { maxLength: 12 });

describe('percentiles', () => {
  const numbers = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });
  const fraction = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

  test('of as many values as there are hundredths are the values themselves', () => {
    const hundred = Array.from({ length: 101 }, (_, index) => index * 7);
    for (let percent = 0; percent <= 100; percent += 1) {
      assert.ok(Math.abs((percentile(hundred, percent / 100) ?? -1) - percent * 7) < 1e-9);
    }
  });

  test('lie on the line between the values around them', () => {
    fc.assert(
      fc.property(numbers, fraction, (values, part) => {
        const sorted = values.toSorted((a, b) => a - b);
        assert.ok(Math.abs((percentile(sorted, part) ?? Number.NaN) - naive(sorted, part)) < 1e-6);
      }),
    );
  });

  test('of nothing are nothing', () => assert.equal(percentile([], 0.95), null));
});

describe('statistics', () => {
  test('of two sets together have the counts of both', () => {
    fc.assert(
      fc.property(runs, runs, (some, others) => {
        const [one, other] = [statisticsOf(some), statisticsOf(others)];
        const both = statisticsOf([...some, ...others]);
        for (const name of [
          'totalRuns',
          'inferredStatus',
          'runsWithoutUsage',
          'runsWithoutCost',
        ] as const) {
          assert.equal(both[name], one[name] + other[name], name);
        }
        for (const status of RUN_STATUSES) {
          assert.equal(both.byStatus[status], one.byStatus[status] + other.byStatus[status]);
        }
      }),
    );
  });

  test('do not depend on the order of the runs', () => {
    fc.assert(
      fc.property(runs, (some) => {
        assertSameStatistics(statisticsOf(some.toReversed()), statisticsOf(some));
      }),
    );
  });

  test('by repository add up to those of all, and each is that of its runs alone', () => {
    fc.assert(
      fc.property(runs, (some) => {
        const { totalRuns, byRepository } = statisticsOf(some);
        assert.equal(
          totalRuns,
          byRepository.reduce((sum, own) => sum + own.totalRuns, 0),
        );
        for (const own of byRepository) {
          const alone = some.filter(({ repository }) => repository === own.repository);
          assert.deepEqual(statisticsOf(alone).byRepository, [own]);
        }
      }),
    );
  });

  test('know nothing where no run does, which is not 0', () => {
    fc.assert(
      fc.property(runs, (some) => {
        const figures = statisticsOf(some);
        assert.equal(
          figures.usage === null,
          some.every(({ usage }) => usage === undefined),
        );
        const isFree = some.every(({ costMicroUsd }) => costMicroUsd === undefined);
        assert.equal(figures.costUsd === null, isFree);
        const hasTime = some.some(({ duration }) => duration !== undefined);
        assert.equal(figures.averageDuration !== null, hasTime);
        assert.equal(figures.p95Duration !== null, hasTime);
        assert.equal(figures.successRate === null, some.length === 0);
      }),
    );
  });
});

/** PERCENTILE_CONT as the SQL standard words it: row numbers from 1, and a weighted mean. */
function naive(sorted: readonly number[], part: number): number {
  const row = 1 + part * (sorted.length - 1);
  const [floor, ceiling] = [Math.floor(row), Math.ceil(row)];
  const at = (place: number) => sorted[place - 1] ?? Number.NaN;
  if (floor === ceiling) return at(row);
  return (ceiling - row) * at(floor) + (row - floor) * at(ceiling);
}
