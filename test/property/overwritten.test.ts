import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { withoutStamps } from '../../src/conformance/assertions.ts';
import { canonicalRun } from '../../src/domain/canonical.ts';
import { overwrittenBy, undoOverwritten } from '../../src/domain/overwritten.ts';
import { anyRun } from './support/arbitrary-run.ts';

/** Two runs that are as different as they can be, or share some of their fields. */
const twoRuns = fc.tuple(anyRun, anyRun, fc.boolean()).map(([before, after, alike]) => {
  const next = alike ? { ...before, ...after } : after;
  return { before, after: { ...next, id: before.id } };
});

describe('what a change overwrote', () => {
  test('makes the run before from the run after', () => {
    fc.assert(
      fc.property(twoRuns, ({ before, after }) => {
        const undone = undoOverwritten(after, overwrittenBy(before, after));
        assert.deepEqual(undone, withoutStamps(before));
      }),
    );
  });

  test('does so after a way through JSON, and whatever the stamps are', () => {
    fc.assert(
      fc.property(twoRuns, fc.nat(), ({ before, after }, version) => {
        const stamped = { ...before, version, createdAt: 'then' };
        const image = JSON.stringify(overwrittenBy(stamped, after));
        const undone = undoOverwritten({ ...after, updatedAt: 'now' }, JSON.parse(image));
        assert.equal(canonicalRun(undone), canonicalRun(before));
      }),
    );
  });

  test('is nothing where nothing changed', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), (run, version) => {
        const nothing = { old: {}, added: [] };
        assert.deepEqual(overwrittenBy(run, { ...structuredClone(run), version }), nothing);
      }),
    );
  });

  test('can be undone step by step through a whole life', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { minLength: 2, maxLength: 6 }), (states) => {
        const life = states.map((state) => ({ ...state, id: states[0]?.id ?? '' }));
        const images = life.slice(1).map((after, index) => {
          const before = life[index];
          return before && overwrittenBy(before, after);
        });
        let run = life.at(-1);
        for (const [index, image] of [...images.entries()].reverse()) {
          run = run && image && undoOverwritten(run, image);
          assert.deepEqual(run, life[index]);
        }
      }),
    );
  });
});
