import { describe, expect, test } from 'vitest';
import { InvalidRun } from '../../../src/domain/invalid-run.ts';
import { parseLossless } from '../../../src/domain/lossless-json.ts';

/** The one issue that refuses the text. */
function issueOf(text: string) {
  try {
    parseLossless(text);
  } catch (error) {
    if (error instanceof InvalidRun) return error.issues[0];
    throw error;
  }
  return null;
}

describe('what is kept', () => {
  test.each([
    ['{"a":[1,-2.5,1e3,true,null,"x"]}', { a: [1, -2.5, 1000, true, null, 'x'] }],
    ['\ufeff{"a":1}', { a: 1 }],
    ['9007199254740991', 9007199254740991],
    ['9007199254740994', 9007199254740994],
    ['[0, -0, 0.0, 0e9, 0.0000000000000000]', [0, -0, 0, 0, 0]],
    ['0.10000000000000001', 0.1],
    ['[9007199254740992.0, 9007199254740994e0, 1.50e1, 100e-2]', [2 ** 53, 2 ** 53 + 2, 15, 1]],
    ['[1e+23, 1.7976931348623157e+308, -1e21]', [1e23, 1.7976931348623157e308, -1e21]],
    ['[73786976294838206464, 73786976294838210000]', [2 ** 66, 2 ** 66]],
    [
      '{"a":{"x":1},"b":{"x":2},"c":[{"x":3},{"x":4}]}',
      { a: { x: 1 }, b: { x: 2 }, c: [{ x: 3 }, { x: 4 }] },
    ],
    [
      '["12345678901234567890","1e999","a\\"b\\\\","]}"]',
      ['12345678901234567890', '1e999', 'a"b\\', ']}'],
    ],
    ['{"a":"b","b":"a","":"c"}', { a: 'b', b: 'a', '': 'c' }],
    ['"\\ud83d\\u0000"', '\ud83d\u0000'],
  ])('%s', (text, value) => {
    expect(parseLossless(text)).toStrictEqual(value);
  });

  test('a member named __proto__', () => {
    expect(JSON.stringify(parseLossless('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });
});

describe('what JSON.parse would change is refused, with its place', () => {
  test.each([
    ['{"a":1,"b":2,"a":1}', 'a'],
    ['{"list":[{},{"ab":1,"a\\u0062":2}]}', 'list[1].ab'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a":{"b":1,"c":[1],"b":2}}', 'a.b'],
    ['{"metadata":{"ids":[1,9007199254740993]}}', 'metadata.ids[1]'],
    ['{"n":-9007199254740993}', 'n'],
    ['{"n":12345678901234567890}', 'n'],
    ['{"n":9007199254740993.0}', 'n'],
    ['{"n":9007199254740993e0}', 'n'],
    ['{"n":-900719925474099.3E+1}', 'n'],
    ['{"n":90071992547409930e-1}', 'n'],
    ['{"n":12345678901234567890.0}', 'n'],
    ['{"n":1.0000000000000000000001e22}', 'n'],
    ['{"n":1e309}', 'n'],
    ['[-1e999]', '[0]'],
    ['{"n":1e-400}', 'n'],
  ])('%s', (text, path) => {
    expect(issueOf(text)?.path).toBe(path);
  });
});

describe('what is no JSON is told apart', () => {
  test.each([
    ['', /empty/],
    [' \n', /empty/],
    ['{"a":"never clo', /cut off.* inside a string, after 15 characters/],
    ['{"a":"quote \\"', /cut off.* inside a string/],
    ['{"a":[1,2', /cut off/],
    ['{"a":tru', /cut off/],
    ['{"a":1}{"b":2}', /whole up to character 7.*behind/],
    ['{"a":1}]', /whole up to character 7.*behind/],
    ['{"a":1}\u0000', /whole up to character 7.*behind/],
    ['{"a":1,}', /no valid JSON up to character 8/],
    ['hello', /no JSON/],
    ['\ufeff\ufeff{}', /no valid JSON/],
  ])('%j', (text, problem) => {
    expect(issueOf(text)).toMatchObject({ path: '', problem: expect.stringMatching(problem) });
  });
});

describe('size', () => {
  test('ten megabytes of one string, of escapes, of small objects', () => {
    const texts = ['x'.repeat(10_000_000), '\\"'.repeat(5_000_000), '\\'.repeat(5_000_000)];
    for (const text of texts) expect(parseLossless(JSON.stringify([text]))).toEqual([text]);
    const objects = Array.from({ length: 300_000 }, (_, id) => ({ id, name: `run ${id}` }));
    expect(parseLossless(JSON.stringify(objects))).toHaveLength(300_000);
  });

  test('a million levels, and a fault at the bottom of them', () => {
    const deep = (inside: string) => '['.repeat(1_000_000) + inside + ']'.repeat(1_000_000);
    expect(Array.isArray(parseLossless(deep('')))).toBe(true);
    expect(issueOf(deep('1e999'))?.path).toHaveLength(3_000_000);
  });

  test('an integer of a million digits is refused without counting them', () => {
    expect(issueOf(`[${'9'.repeat(1_000_000)}]`)?.problem.length).toBeLessThan(200);
  });

  test('a fraction with a million zeros between its digits is read', () => {
    expect(parseLossless(`[0.1${'0'.repeat(1_000_000)}1]`)).toEqual([0.1]);
  });
});
