import { expect, test } from 'vitest';
import { compare, median, pairedRatios, summedUp } from '../../../bench/harness.ts';

test.each([
  [[3], 3],
  [[9, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (numbers, middle) => {
  expect(median(numbers)).toBe(middle);
});

test('contestants take turns at being first, and warm-ups do not count', async () => {
  const order: string[] = [];
  const contestant = (name: string) => ({
    name,
    round: async (number: number) => {
      order.push(`${name}${number}`);
      return number;
    },
  });
  const times = await compare([contestant('a'), contestant('b')], { rounds: 2, warmUps: 1 });
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  expect(times.get('a')).toEqual([1, 2]);
});

test('ratios are made round by round', () => {
  const times = new Map([
    ['a', [2, 30]],
    ['b', [1, 10]],
  ]);
  expect(pairedRatios(times, 'a', 'b')).toEqual([2, 3]);
});

test('short rounds are summed up, and what does not fill a sum is left out', () => {
  expect(summedUp(new Map([['a', [1, 2, 3, 4, 5]]]), 2).get('a')).toEqual([3, 7]);
});
