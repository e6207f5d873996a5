import { describe, expect, test } from 'vitest';
import { inputOf, makeRun, outputOf } from '../../../src/conformance/make-run.ts';
import { canonicalJson, digestOf } from '../../../src/domain/canonical.ts';
import { naiveDigest } from '../../support/naive-digest.ts';

describe('canonical JSON', () => {
  test('sorts keys by UTF-16 units, as the example of RFC 8785 (3.2.3) does', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    const json = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect([...json.matchAll(/"((?:\\.|[^"])*)":0/g)].map(([, key]) => key)).toEqual(
      sorted.map((key) => (key === '\r' ? '\\r' : key)),
    );
  });

  test('writes numbers and literals as the example of RFC 8785 (3.2.2) does', () => {
    const numbers = JSON.parse(
      '[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001, -0]',
    );
    expect(canonicalJson({ numbers, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0]}',
    );
  });

  test('leaves out members that are undefined, and keeps the places of a list', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, 1], c: {} })).toBe('{"b":[null,1],"c":{}}');
  });

  test('escapes a lone surrogate and nothing that need not be', () => {
    expect(canonicalJson('\ud800 \u2028 \u007f \u0000 \u{1f600}')).toBe(
      '"\\ud800 \u2028 \u007f \\u0000 \u{1f600}"',
    );
  });
});

// Lengths around those from which a text is digested in another way.
test.each([255, 256, 257, 10_000, 21_000, 21_845, 21_846, 65_536, 3_000_000])(
  'the digest is what its definition says, with a text of %i characters',
  (length) => {
    for (const character of ['a', '\n', '\u00e9', '\u20ac', '\ud800']) {
      const prompt = character.repeat(length);
      const run = makeRun(1, { input: inputOf(prompt), output: outputOf(prompt) });
      expect(digestOf(run)).toBe(naiveDigest(run));
    }
  },
);
