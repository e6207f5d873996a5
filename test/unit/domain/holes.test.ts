import { expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { InvalidRun } from '../../../src/domain/invalid-run.ts';
import { normalizeRun } from '../../../src/domain/normalize-run.ts';

/** A list of three items, the second of which was never set. */
const holed = (item: unknown): unknown[] => Object.assign([], { 0: item, 2: item });

test.each([
  [{ metadata: { a: holed(1) } }, /^metadata must be JSON, but item 1 of a list in it is missing$/],
  [{ metadata: { a: [1, undefined] } }, /^metadata must be JSON, but item 1 of a list in it is/],
  [{ more: holed(1) }, /^more must be JSON, but item 1/],
  [{ steps: [{ kind: 'event', input: [[], [undefined]] }] }, /^steps\[0\]\.input .* item 0/],
  [{ steps: holed({ kind: 'event' }) }, /^steps\[1\] must be an object, not missing$/],
  [{ tags: holed('a') }, /^tags must hold only strings, but item 1 is missing$/],
])('%j is refused by its place', (fields, message) => {
  expect(() => normalizeRun({ ...makeRun(1), ...fields })).toThrow(InvalidRun);
  expect(() => normalizeRun({ ...makeRun(1), ...fields })).toThrow(message);
});
