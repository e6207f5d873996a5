import { isPlainObject } from '../../domain/json.ts';
import { fromMilliseconds, normalizeTime } from '../../domain/time.ts';

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** A member that is an object; an empty one where it is none. */
export function objectIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isPlainObject(value) ? value : NONE;
}

/** A member that is a list; an empty one where it is none. */
export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

/** A member that is a string and not empty. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member that is a time as text, in UTC with milliseconds; undefined for anything else. */
export function timeIn(fields: Fields, name: string): string | undefined {
  const time = normalizeTime(fields[name]);
  return time.ok ? time.value : undefined;
}

/** A member that is a time in milliseconds since 1970, as text in UTC; undefined for anything else. */
export function epochIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  const time = typeof value === 'number' ? fromMilliseconds(Math.trunc(value)) : undefined;
  return time?.ok ? time.value : undefined;
}

/** How long it took from one time to another, for spreading; nothing where that is not known. */
export function durationBetween(
  start: string | undefined,
  end: string | undefined,
): { duration?: number } {
  const duration = start && end ? Date.parse(end) - Date.parse(start) : -1;
  return duration >= 0 ? { duration } : {};
}

/** A member with this name and value, or none where the value is undefined: for spreading. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [name in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [name in K]?: V });
}
