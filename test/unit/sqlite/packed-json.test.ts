import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/domain/json.ts';
import { decodeJson, encodeJson } from '../../../src/stores/sql/json-column.ts';
import { packJson, unpackJson } from '../../../src/stores/sql/packed-json.ts';

const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$content', '$$content', '__proto__', '\0', '\ue000', '\ud800'),
);
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('\0', '\ud800', '\ue000x', '\\u0000', 'y'.repeat(300), `${'z'.repeat(300)}\0`),
  fc.integer(),
  fc.constant(null),
  fc.boolean(),
);
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => {
      const object = {};
      for (const [name, value] of entries) {
        Object.defineProperty(object, name, {
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return object;
    }),
  ),
}));

/** Packs with texts numbered instead of hashed. */
function packing() {
  const texts: string[] = [];
  return {
    texts,
    keep: (text: string) => String(texts.push(text) - 1),
    textOf: (number: string) => texts[Number(number)] ?? '',
  };
}

describe('packed JSON', () => {
  test('comes back as it was, through a column too', () => {
    fc.assert(
      fc.property(json, (value) => {
        const { keep, textOf } = packing();
        const column = encodeJson(packJson(value, keep));
        expect(unpackJson(decodeJson(column), textOf)).toEqual(value);
      }),
    );
  });

  test('holds no large text, and nothing that a database cannot', () => {
    fc.assert(
      fc.property(json, (value) => {
        const { keep } = packing();
        const column = encodeJson(packJson(value, keep));
        expect(column).not.toMatch(/y{256}|z{256}/);
        expect(column.isWellFormed()).toBe(true);
        // As text and when it is read as JSON: PostgreSQL refuses U+0000 in either.
        expect(column).not.toMatch(/\0|(?<!\\)(\\\\)*\\u(0000|d[89a-f])/);
      }),
    );
  });

  test('an object that looks like a reference is none', () => {
    const { keep, textOf, texts } = packing();
    const value = { $content: 'abc', inside: { $$content: { $content: 1 } } };
    expect(unpackJson(packJson(value, keep), textOf)).toEqual(value);
    expect(texts).toEqual([]);
  });

  test('parts packed alone fit together', () => {
    const { keep, textOf } = packing();
    const whole = { kind: 'event', $content: { $content: 'x'.repeat(300) } };
    const packed = { kind: 'event', ...(packJson({ $content: whole.$content }, keep) as object) };
    expect(unpackJson(packed, textOf)).toEqual(whole);
  });
});
