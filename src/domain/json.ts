/** Any value that JSON can hold. Numbers are finite; `-0` is stored as `0`. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** True for a plain object: not null, not an array, not an instance of a class such as `Date`. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** About how many characters a value has as JSON: enough to cut batches by, and cheap. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  let size = 2;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) size += key.length + 4 + jsonSize(members[key]);
  return size;
}
