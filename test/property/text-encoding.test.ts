import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { decodeText, encodeText, needsEncoding } from '../../src/stores/sql/text-encoding.ts';
import { anyText } from './support/arbitrary-run.ts';

/** Texts made of what the encoding itself is made of. */
const trickyText = fc
  .array(
    fc.constantFrom(
      '\ue000',
      '\\',
      '\\u',
      '\\u0000',
      '\\ud800',
      '\0',
      '\ud800',
      '\udc00',
      'a',
      '😀',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const text = fc.oneof(anyText, trickyText);

describe('the encoding of texts for SQL', () => {
  test('gives every text back', () => {
    fc.assert(fc.property(text, (value) => assert.equal(decodeText(encodeText(value)), value)));
  });

  test('is text that both engines can hold', () => {
    fc.assert(
      fc.property(text, (value) => {
        const encoded = encodeText(value);
        assert.ok(encoded.isWellFormed());
        assert.ok(!encoded.includes('\0'));
      }),
    );
  });

  test('leaves a text alone unless it must not', () => {
    fc.assert(
      fc.property(text, (value) => {
        const mustChange = !value.isWellFormed() || /\0|^\ue000/.test(value);
        assert.equal(needsEncoding(value), mustChange);
        assert.equal(encodeText(value) === value, !mustChange);
      }),
    );
  });

  test('keeps different texts different', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        assert.equal(encodeText(one) === encodeText(other), one === other);
      }),
    );
  });
});
