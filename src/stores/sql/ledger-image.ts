import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { decodeJson, encodeJson } from './json-column.ts';
import { type KeepText, packJson, type TextOf, unpackJson } from './packed-json.ts';

/** Images of at least so many UTF-16 units are kept with the large texts: four rows to a page. */
const LARGE_IMAGE_LENGTH = 1024;

/**
 * What a change overwrote, for its row in the ledger. `packed` refers to large texts by hash; an image
 * that is large all the same becomes such a text itself, so that the ledger's rows stay small.
 */
export function encodeImage(packed: JsonObject, keep: KeepText): string {
  const json = encodeJson(packed);
  return json.length < LARGE_IMAGE_LENGTH ? json : encodeJson(packJson(json, keep));
}

/** What a change overwrote, with its large texts back in place. */
export function decodeImage(image: string, textOf: TextOf): JsonValue {
  const value = unpackJson(decodeJson(image), textOf);
  return typeof value === 'string' ? unpackJson(decodeJson(value), textOf) : value;
}
