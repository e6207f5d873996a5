import { setOwn } from '../../domain/field-readers.ts';
import type { JsonValue } from '../../domain/json.ts';
import { decodeText, encodeText } from './text-encoding.ts';

/** JSON in which some string may need encoding; says yes a little too often, never too seldom. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])|\uE000/;
const MARK = '\uE000';

/** JSON for a column: its strings and keys are encoded as every other text is. */
export function encodeJson(value: JsonValue): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u') && !json.includes(MARK)) return json;
  return SUSPICIOUS.test(json) ? JSON.stringify(mapStrings(value, encodeText)) : json;
}

/** The value that `encodeJson` was given. */
export function decodeJson(json: string): JsonValue {
  const value = JSON.parse(json) as JsonValue;
  return json.includes(MARK) ? mapStrings(value, decodeText) : value;
}

function mapStrings(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  const mapped = {};
  for (const key of Object.keys(value))
    setOwn(mapped, map(key), mapStrings(value[key] ?? null, map));
  return mapped;
}
