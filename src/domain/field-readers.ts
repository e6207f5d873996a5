import { isPlainObject, type JsonObject, type JsonValue } from './json.ts';
import { normalizeTime, type Reading } from './time.ts';

/** Reads one field: gives the value in its normal form, or says what is wrong with it. */
export type FieldReader = (value: unknown) => Reading<unknown>;

/** How deep JSON may be nested: beyond this a reader in another language may fail. */
export const MAX_DEPTH = 256;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const wrong = (problem: string): Reading<never> => ({ ok: false, problem });

/** What a value is called in a message: `null`, `an array`, `a string`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' || type === 'undefined' ? 'an object' : `a ${type}`;
}

/** Any string, the empty one among them. */
export const text: FieldReader = (value) =>
  typeof value === 'string' ? { ok: true, value } : wrong(`must be a string, not ${kindOf(value)}`);

/** A UUID; brought to lower case. */
export const uuid = (value: unknown): Reading<string> => {
  if (typeof value !== 'string') return wrong(`must be a UUID, not ${kindOf(value)}`);
  const id = value.toLowerCase();
  return UUID.test(id) ? { ok: true, value: id } : wrong('must be a UUID');
};

/** A time; brought to ISO 8601 in UTC with milliseconds. */
export const time: FieldReader = normalizeTime;

/** A string of 1 to `most` code points. */
export function shortText(most: number): FieldReader {
  return (value) => {
    if (typeof value !== 'string') return wrong(`must be a string, not ${kindOf(value)}`);
    const tooLong = value.length > most && [...value].length > most;
    if (value.length === 0 || tooLong) return wrong(`must have 1 to ${most} characters`);
    return { ok: true, value };
  };
}

/** One of these words. */
export function oneOf(words: readonly string[]): FieldReader {
  return (value) =>
    typeof value === 'string' && words.includes(value)
      ? { ok: true, value }
      : wrong(`must be one of ${words.join(', ')}`);
}

/** A whole number that JSON carries exactly (to 2^53 - 1), from `least` to `most`. */
export function integer(
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): FieldReader {
  return (value) => {
    if (typeof value !== 'number') return wrong(`must be a whole number, not ${kindOf(value)}`);
    if (!Number.isSafeInteger(value)) return wrong('must be a whole number below 2^53');
    if (value > most) return wrong(`must be at most ${most}`);
    return value < least ? wrong(`must be at least ${least}`) : { ok: true, value: value + 0 };
  };
}

/** A finite number: NaN and infinity are not JSON. */
export const number: FieldReader = (value) => {
  if (typeof value !== 'number') return wrong(`must be a number, not ${kindOf(value)}`);
  return Number.isFinite(value) ? { ok: true, value: value + 0 } : wrong('must be a finite number');
};

/** True or false. */
export const boolean: FieldReader = (value) =>
  typeof value === 'boolean'
    ? { ok: true, value }
    : wrong(`must be true or false, not ${kindOf(value)}`);

/** Null, or what the other reader takes. */
export function nullable(reader: FieldReader): FieldReader {
  return (value) => (value === null ? { ok: true, value } : reader(value));
}

/** A list of strings. */
export const textList: FieldReader = (value) => {
  if (!Array.isArray(value)) return wrong(`must be a list of strings, not ${kindOf(value)}`);
  const bad = value.findIndex((item) => typeof item !== 'string');
  if (bad >= 0) return wrong(`must hold only strings, but item ${bad} is ${kindOf(value[bad])}`);
  return { ok: true, value: [...value] };
};

/** A list of strings without the empty one; what occurs twice is kept once. */
export const tagList: FieldReader = (value) => {
  const list = textList(value);
  if (!list.ok) return list;
  const tags = new Set(list.value as string[]);
  return tags.has('') ? wrong('must not hold an empty tag') : { ok: true, value: [...tags] };
};

/** A JSON object, kept as it is. */
export const jsonObject: FieldReader = (value) =>
  isPlainObject(value) ? json(value) : wrong(`must be an object, not ${kindOf(value)}`);

/**
 * Any JSON value, copied, so that nobody can change it from outside. What JSON cannot hold (NaN, a
 * function, a class instance, a bigint) is refused, and so is an item of a list that is `undefined` or was
 * never set: without it the others would move. A member that is `undefined` is left out.
 */
export const json: FieldReader = (value) => {
  try {
    return { ok: true, value: copyJson(value, 0) };
  } catch (error) {
    if (error instanceof NotJson) return wrong(error.message);
    throw error;
  }
};

class NotJson extends Error {}

function copyJson(value: unknown, depth: number): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotJson(`must not hold ${value}, which is not JSON`);
    return value + 0;
  }
  if (depth >= MAX_DEPTH) throw new NotJson(`must not be nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    const copy: JsonValue[] = [];
    // Counting comes by what was never set too; map would pass over it.
    for (let at = 0; at < value.length; at += 1) {
      if (value[at] === undefined) {
        throw new NotJson(`must be JSON, but item ${at} of a list in it is missing`);
      }
      copy.push(copyJson(value[at], depth + 1));
    }
    return copy;
  }
  if (!isPlainObject(value)) throw new NotJson(`must be JSON, but holds ${nameOf(value)}`);
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) setOwn(copy, key, copyJson(value[key], depth + 1));
  }
  return copy;
}

/** Sets a member, `__proto__` too: by assignment that name would change the prototype instead. */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key !== '__proto__') (object as Record<string, unknown>)[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return kindOf(value);
  return `an instance of ${value.constructor?.name ?? 'an unnamed class'}`;
}
