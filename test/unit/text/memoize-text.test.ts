import { expect, it } from 'vitest';
import { memoizeText } from '../../../src/domain/text/memoize-text.ts';

it('asks once for what is asked for again and again, and forgets what passes through', () => {
  const asked: string[] = [];
  const upper = memoizeText(2, (text) => {
    asked.push(text);
    return text.toUpperCase();
  });
  for (const text of ['common', 'a', 'common', 'b', 'common', 'c', 'common', 'a']) {
    expect(upper(text)).toBe(text.toUpperCase());
  }
  expect(asked).toEqual(['common', 'a', 'b', 'c', 'a']);
});

it('does not keep long texts', () => {
  let times = 0;
  const length = memoizeText(10, (text) => {
    times += 1;
    return [text.length];
  });
  const long = 'x'.repeat(65);
  expect([length(long), length(long), times]).toEqual([[65], [65], 2]);
});
