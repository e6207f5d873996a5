import { describe, expect, test } from 'vitest';
import { History, type Step } from './support/history.ts';

const BEFORE = new Map([['old', 'a']]);

/** A history of these steps, all acknowledged but the last few. */
function historyOf(steps: readonly Step[], { unended = 0 } = {}): History {
  const history = new History(BEFORE);
  for (const [index, step] of steps.entries()) {
    history.begin(step);
    if (index < steps.length - unended) history.end('done');
  }
  return history;
}

const save = (digests: Step['digests']): Step => ({ kind: 'save', digests });

describe('the check of what a fault left', () => {
  test.each([
    ['an acknowledged run missing', [save({ x: '1' })], {}],
    ['an acknowledged run in an older state', [save({ x: '1' }), save({ x: '2' })], { x: '1' }],
    ['an acknowledged run in a state it never had', [save({ x: '1' })], { x: 'torn' }],
    ['a run that nobody saved', [], { x: '1' }],
    ['a run that was there before', [save({ old: 'b' })], { old: 'a' }],
    ['a deleted run', [{ kind: 'delete', digests: { old: null } }], { old: 'a' }],
  ] as [string, Step[], Record<string, string>][])('sees %s', (_, steps, found) => {
    const stored = new Map(Object.entries({ old: 'a', ...found }));
    expect(historyOf(steps).problems(stored)).toHaveLength(1);
  });

  const both = { x: '1', y: '1' };

  test.each([
    ['none of it', {}, 0],
    ['all of it', both, 0],
    ['half of it', { x: '1' }, 1],
  ])('of a transaction under way there may be %s', (_, found, problems) => {
    const history = historyOf([{ kind: 'transaction', digests: both }], { unended: 1 });
    const stored = new Map(Object.entries({ old: 'a', ...found }));
    expect(history.problems(stored)).toHaveLength(problems);
  });

  test('of a saveMany under way there may be some runs, but whole ones', () => {
    const history = historyOf([{ kind: 'save-many', digests: both }], { unended: 1 });
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', '1'],
        ]),
      ),
    ).toEqual([]);
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', 'torn'],
        ]),
      ),
    ).toHaveLength(1);
  });

  test('what was found at an earlier moment may miss later steps, but none in between', () => {
    const history = historyOf([save({ x: '1' }), save({ y: '1' }), save({ z: '1' })]);
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', '1'],
          ['y', '1'],
        ]),
        1,
      ),
    ).toEqual([]);
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', '1'],
          ['z', '1'],
        ]),
        1,
      ),
    ).not.toEqual([]);
  });

  test('a step that failed may have taken effect or not, and the next ones count', () => {
    const history = historyOf([save({ x: '1' })], { unended: 1 });
    history.end('failed');
    history.begin(save({ y: '1' }));
    history.end('done');
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', '1'],
          ['y', '1'],
        ]),
      ),
    ).toEqual([]);
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['y', '1'],
        ]),
      ),
    ).toEqual([]);
    expect(
      history.problems(
        new Map([
          ['old', 'a'],
          ['x', '1'],
        ]),
      ),
    ).toHaveLength(1);
  });
});
