import assert from 'node:assert/strict';
import type { RunStatistics } from '../domain/statistics.ts';

/** Sums and quotients of floating point numbers may differ by the order in which they were made. */
const ROUNDING = 1e-9;
/** How far a figure may be off that says of itself that it is approximate. */
const ESTIMATE = 0.01;

/**
 * Fails unless both have the same figures, but for rounding, which is less than one in any count below
 * a thousand million; figures that are named as approximate within 1 %.
 */
export function assertSameStatistics(
  actual: RunStatistics,
  expected: RunStatistics,
  message = 'statistics',
): void {
  const tolerance = (name: string) => (actual.approximate.includes(name) ? ESTIMATE : ROUNDING);
  compare({ ...actual, approximate: [] }, { ...expected, approximate: [] }, message, tolerance, '');
}

function compare(
  actual: unknown,
  expected: unknown,
  path: string,
  tolerance: (name: string) => number,
  name: string,
): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const difference = Math.abs(actual - expected);
    const allowed = Math.abs(expected) * tolerance(name);
    assert.ok(difference <= allowed, `${path}: ${actual} instead of ${expected}`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, `${path} is ${String(actual)}`);
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), path);
    for (const [key, value] of Object.entries(expected)) {
      compare((actual as Record<string, unknown>)[key], value, `${path}.${key}`, tolerance, key);
    }
  } else assert.equal(actual, expected, path);
}
