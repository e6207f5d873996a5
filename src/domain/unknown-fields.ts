import { setOwn } from './field-readers.ts';
import type { JsonObject } from './json.ts';
import type { FieldTable } from './run-fields.ts';

/**
 * The members of an object that its field table does not know, for the store's `extra` column;
 * undefined where there are none.
 */
export function unknownFields(object: object, table: FieldTable): JsonObject | undefined {
  let extra: JsonObject | undefined;
  const members = object as JsonObject;
  // A loop over names alone: this runs for every part of every run that is stored.
  for (const name in members) {
    const value = members[name];
    if (Object.hasOwn(table, name) || value === undefined) continue;
    extra ??= {};
    setOwn(extra, name, value);
  }
  return extra;
}

/** Puts unknown members back in their place. */
export function putBackUnknown<T extends object>(object: T, extra: JsonObject | undefined): T {
  for (const [name, value] of Object.entries(extra ?? {})) setOwn(object, name, value);
  return object;
}
