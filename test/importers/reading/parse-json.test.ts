import { expect, test } from 'vitest';
import { parseJson } from '../../../src/importers/reading/parse-json.ts';

test('numbers that JSON does not have are null, and what stands in strings stays', () => {
  const text = '{"a":NaN,"b":[-Infinity,1],"c":"NaN \\"Infinity\\\\","d":"\\\\"}';
  expect(parseJson(text)).toEqual({
    value: { a: null, b: [null, 1], c: 'NaN "Infinity\\', d: '\\' },
    hadNoNumbers: true,
  });
  expect(parseJson('{"a":1}')).toEqual({ value: { a: 1 }, hadNoNumbers: false });
  for (const broken of ['{"a":NaN', '{"a":"NaN', `{"a":"${'\\"'.repeat(9)}NaN`, 'NaNa', '']) {
    expect(parseJson(broken)).toBeUndefined();
  }
});

test('integers beyond 2^53 are given digit for digit where that is asked for', () => {
  const text = '{"t":1777555053769345801,"u":[-9007199254740993],"s":"1777555053769345801"}';
  const keepsDigits = true;
  expect(parseJson(text, { keepsDigits })?.value).toEqual({
    t: '1777555053769345801',
    u: ['-9007199254740993'],
    s: '1777555053769345801',
  });
  // A double holds these as they are, or they are no integers.
  for (const number of ['1777555053769345', '9007199254740991', '1.2345678901234567890', '1e300']) {
    expect(parseJson(number, { keepsDigits })?.value).toBe(Number(number));
  }
  expect(parseJson('12345678901234567a', { keepsDigits })).toBeUndefined();
});

test('a string of any length is no hindrance', () => {
  const long = '\\n'.repeat(10_000_000);
  const text = `{"a":"${long}","b":NaN,"c":1777555053769345801}`;
  expect(parseJson(text, { keepsDigits: true })?.value).toMatchObject({
    b: null,
    c: '1777555053769345801',
  });
});
