import { expect, test } from 'vitest';
import { comparePasts, type Standing } from '../../../src/services/copy/compare-pasts.ts';

/** States in the order in which a side had them; it is in the last one. */
const side = (states: string) => ({ now: states.at(-1) ?? '', past: [...states] });

test.each<[source: string, target: string, Standing]>([
  ['ab', 'a', 'source is later'],
  ['abc', 'a', 'source is later'],
  ['xab', 'a', 'source is later'],
  ['a', 'ab', 'target is later'],
  ['a', 'xabc', 'target is later'],
  ['ab', 'ac', 'apart'],
  ['a', 'b', 'apart'],
  // Back to a state that both had.
  ['aba', 'ab', 'source is later'],
  ['abca', 'ac', 'source is later'],
  ['ab', 'aba', 'target is later'],
  ['ab', 'ba', 'apart'],
  ['aba', 'acab', 'apart'],
  // One side came back to an earlier state after the other had gone on from a later one.
  ['aba', 'abc', 'apart'],
  ['abc', 'aba', 'apart'],
  ['aba', 'ac', 'target is later'],
])('source %s, target %s: %s', (source, target, standing) => {
  expect(comparePasts(side(source), side(target))).toBe(standing);
});

test('a source of which no past is known is never later', () => {
  expect(comparePasts({ now: 'b', past: [] }, side('a'))).toBe('apart');
});
