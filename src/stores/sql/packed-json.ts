import { setOwn } from '../../domain/field-readers.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { LARGE_TEXT_LENGTH } from './content.ts';

/** The key of a reference: `{"$content": "<hash>"}` stands for a large text. */
const REFERENCE = '$content';
/** A key of the value itself that could be taken for one: packing puts one more `$` before it. */
const LOOKS_LIKE_IT = /^\$+content$/;

/** Keeps a large text and gives its hash. */
export type KeepText = (text: string) => string;
/** Gives the text of a hash. */
export type TextOf = (hash: string) => string;

/** The value with each large text in it kept elsewhere and referred to by its hash. */
export function packJson(value: JsonValue, keep: KeepText): JsonValue {
  if (typeof value === 'string') {
    return value.length < LARGE_TEXT_LENGTH ? value : { [REFERENCE]: keep(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => packJson(item, keep));
  const packed: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    setOwn(packed, LOOKS_LIKE_IT.test(key) ? `$${key}` : key, packJson(member, keep));
  }
  return packed;
}

/** The hashes of the texts that a packed value refers to. */
export function* referencesIn(value: JsonValue | undefined): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && typeof value[REFERENCE] === 'string') yield value[REFERENCE];
  else for (const member of Object.values(value)) yield* referencesIn(member);
}

/** The value that `packJson` was given. */
export function unpackJson(value: JsonValue, textOf: TextOf): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => unpackJson(item, textOf));
  const hash = value[REFERENCE];
  if (typeof hash === 'string') return textOf(hash);
  const unpacked: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    setOwn(unpacked, LOOKS_LIKE_IT.test(key) ? key.slice(1) : key, unpackJson(member, textOf));
  }
  return unpacked;
}
