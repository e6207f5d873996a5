import type { EntitySchemaColumnOptions } from 'typeorm';
import { decodeText, encodeText } from './text-encoding.ts';

/** A text. */
export function text(name: string): EntitySchemaColumnOptions {
  return column(name, 'text', decodeText, encodeText);
}

/** A whole number. */
export function integer(name: string): EntitySchemaColumnOptions {
  return { name, type: 'integer' };
}

/** A number. */
export function real(name: string): EntitySchemaColumnOptions {
  return { name, type: 'real' };
}

/** True or false, kept as 1 or 0. */
export function flag(name: string): EntitySchemaColumnOptions {
  return column(name, 'integer', (value: number) => value === 1, Number);
}

/** A moment, kept as milliseconds since 1970 in UTC: TypeORM's own dates would be texts. */
export function time(name: string): EntitySchemaColumnOptions {
  return column(
    name,
    'integer',
    (value: number) => new Date(value),
    (date: Date) => date.getTime(),
  );
}

/** A value kept as JSON, in which every text and key is encoded as a column of text is. */
export function json(name: string): EntitySchemaColumnOptions {
  return column(
    name,
    'text',
    (stored: string) => mapTexts(JSON.parse(stored), decodeText),
    (value: unknown) => JSON.stringify(mapTexts(value, encodeText)),
  );
}

/** 32 bytes of SHA-256, as 64 hex digits. */
export function hash(name: string): EntitySchemaColumnOptions {
  return column(
    name,
    'blob',
    (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
    (digits: string) => Buffer.from(digits, 'hex'),
  );
}

/** Bytes as they are. */
export function bytes(name: string): EntitySchemaColumnOptions {
  return { name, type: 'blob' };
}

/** The same column where it may be NULL, which is null here too. */
export function nullable(options: EntitySchemaColumnOptions): EntitySchemaColumnOptions {
  return { ...options, nullable: true };
}

/** A column whose values are changed on their way; NULL stays null. */
function column<Stored, Value>(
  name: string,
  type: 'integer' | 'text' | 'blob',
  from: (stored: Stored) => Value,
  to: (value: Value) => Stored,
): EntitySchemaColumnOptions {
  const transformer = {
    from: (stored: Stored | null) => (stored === null ? null : from(stored)),
    to: (value: Value | null | undefined) => (value == null ? value : to(value)),
  };
  return { name, type, transformer };
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [map(key), mapTexts(member, map)]),
  );
}
