import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  isEmptyFilter,
  matchesFilter,
  normalizeFilter,
  type RunFilter,
} from '../../src/domain/filter.ts';
import { anyFilter } from './support/arbitrary-filter.ts';
import { anyRun } from './support/arbitrary-run.ts';

describe('filters', () => {
  test('match when each of their conditions matches alone', () => {
    fc.assert(
      fc.property(anyRun, anyFilter, (run, filter) => {
        const alone = Object.entries(filter).map(([name, value]) =>
          matches(run, { [name]: value }),
        );
        assert.equal(matches(run, filter), alone.every(Boolean));
      }),
    );
  });

  test('match the run that they were read from', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { repository, status, startedAt } = run;
        assert.ok(matches(run, { repository, status, since: startedAt }));
        assert.ok(!matches(run, { until: startedAt }));
        for (const name of [
          'agent',
          'sessionId',
          'branch',
          'parentRunId',
          'callerRunId',
        ] as const) {
          const value = run[name];
          if (value !== undefined) assert.ok(matches(run, { [name]: value }), name);
          assert.ok(!matches(run, { [name]: `${value ?? ''}x` }), name);
        }
        for (const tag of run.tags ?? []) assert.ok(matches(run, { tag }));
        assert.ok(!matches(run, { tag: 'never' }));
      }),
    );
  });

  test('mean the same before and after they are normalised', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const { statuses, ...rest } = normalizeFilter(filter);
        const again = normalizeFilter({ ...rest, ...(statuses && { status: statuses }) });
        assert.deepEqual(again, { ...rest, ...(statuses && { statuses }) });
        assert.equal(isEmptyFilter(again), Object.keys(filter).length === 0);
      }),
    );
  });
});

function matches(run: Parameters<typeof matchesFilter>[0], filter: RunFilter): boolean {
  return matchesFilter(run, normalizeFilter(filter));
}
