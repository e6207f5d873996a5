import { isPlainObject, type JsonValue } from '../../domain/json.ts';
import type { Attributes } from './span.ts';

/** What is nested deeper is left out. */
const MAX_DEPTH = 100;

/** Attributes as OTLP writes them: a list of keys, each with a value that says its type. */
export function otlpAttributes(list: unknown, depth = 0): Attributes {
  return attributesOf(list, ({ key, value }) => [key, otlpValue(value, depth)]);
}

/** Tags as Jaeger writes them: a list of keys with plain values. */
export function jaegerTags(list: unknown): Attributes {
  return attributesOf(list, ({ key, value }) => [key, value as JsonValue]);
}

function attributesOf(
  list: unknown,
  entryOf: (item: Readonly<Record<string, unknown>>) => [unknown, JsonValue | undefined],
): Attributes {
  const entries = (Array.isArray(list) ? list : []).filter(isPlainObject).map(entryOf);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, JsonValue] => {
      return typeof entry[0] === 'string' && entry[1] !== undefined;
    }),
  );
}

/** Integers are text in OTLP, and stay so. */
function otlpValue(value: unknown, depth: number): JsonValue | undefined {
  if (!isPlainObject(value) || depth > MAX_DEPTH) return undefined;
  const [type, held] = Object.entries(value)[0] ?? [];
  if (type === 'arrayValue' && isPlainObject(held)) {
    const { values } = held;
    return (Array.isArray(values) ? values : []).map((each) => otlpValue(each, depth + 1) ?? null);
  }
  if (type === 'kvlistValue' && isPlainObject(held)) {
    return { ...otlpAttributes(held.values, depth + 1) };
  }
  return typeof held === 'object' ? undefined : (held as JsonValue | undefined);
}
