import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { FieldTable } from '../../domain/run-fields.ts';
import { unknownFields } from '../../domain/unknown-fields.ts';
import type { SqlValue } from './columns.ts';
import { decodeJson, encodeJson } from './json-column.ts';
import { decodeText, encodeText } from './text-encoding.ts';

/** Text, or NULL for none. */
export function textColumn(text: string | null | undefined): string | null {
  return text === undefined || text === null ? null : encodeText(text);
}

/** A number, or NULL for none. */
export function numberColumn(number: number | null | undefined): number | null {
  return number ?? null;
}

let lastTime = '';
let lastMilliseconds = 0;

/** A time as milliseconds since 1970, or NULL for none. */
export function timeColumn(time: string | undefined): number | null {
  if (time === undefined) return null;
  // The start of a run is asked for again by each of its parts.
  if (time !== lastTime) {
    lastTime = time;
    lastMilliseconds = Date.parse(time);
  }
  return lastMilliseconds;
}

/** JSON text, or NULL for none. */
export function jsonColumn(value: JsonValue | undefined): string | null {
  return value === undefined ? null : encodeJson(value);
}

/** The members that a field table does not know, or NULL where there are none. */
export function extraColumn(object: object | undefined, table: FieldTable): string | null {
  return object === undefined ? null : jsonColumn(unknownFields(object, table));
}

/** The text of a column; undefined for NULL. */
export function readText(value: SqlValue | undefined): string | undefined {
  return typeof value === 'string' ? decodeText(value) : undefined;
}

/** The number of a column; undefined for NULL. */
export function readNumber(value: SqlValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The time of a column as ISO 8601; undefined for NULL. */
export function readTime(value: SqlValue | undefined): string | undefined {
  return typeof value === 'number' ? new Date(value).toISOString() : undefined;
}

/** The JSON of a column; undefined for NULL. */
export function readJson(value: SqlValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? decodeJson(value) : undefined;
}

/** What an `extra` column holds. */
export function readExtra(value: SqlValue | undefined): JsonObject | undefined {
  return readJson(value) as JsonObject | undefined;
}

/** A digest as 32 bytes. */
export function digestColumn(digest: string): Uint8Array {
  return Buffer.from(digest, 'hex');
}

/** The bytes of a column, not copied; undefined for NULL. */
export function readBytes(value: SqlValue | undefined): Buffer | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** The digest of a column, 64 hex digits; null for NULL. */
export function readDigest(value: SqlValue | undefined): string | null {
  return readBytes(value)?.toString('hex') ?? null;
}
