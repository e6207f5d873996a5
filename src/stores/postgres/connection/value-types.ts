import type { SqlValue } from '../../sql/columns.ts';

/** The types of the columns that rows are written to. */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'bigint'
  | 'double precision'
  | 'boolean'
  | 'timestamptz'
  | 'bytea'
  | 'json';

/** The columns that are no text, by their names: one name has one type in every table. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  ...each('uuid', 'id', 'run_id', 'parent_run_id', 'caller_run_id'),
  ...each('timestamptz', 'started_at', 'completed_at', 'created_at', 'updated_at', 'at'),
  ...each('timestamptz', 'run_started_at'),
  ...each('double precision', 'temperature', 'confidence'),
  ...each('boolean', 'has_usage', 'recoverable'),
  ...each('bytea', 'digest', 'hash', 'bytes', 'key'),
  ...each('bigint', 'duration', 'retry_count', 'version', 'cost_micro_usd', 'step_count'),
  ...each('bigint', 'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens'),
  ...each('bigint', 'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens', 'tokens_used'),
  ...each('bigint', 'ordinal', 'size', 'mark'),
  ...each('json', 'tags', 'usage_extra', 'source_extra', 'metadata', 'extra', 'recent_commits'),
  ...each('json', 'usage', 'input', 'output', 'error', 'overwrote'),
};

function each(type: ColumnType, ...names: string[]): Record<string, ColumnType> {
  return Object.fromEntries(names.map((name) => [name, type]));
}

/** The type of a column. */
export function typeOf(column: string): ColumnType {
  return TYPES[column] ?? 'text';
}

/** A value as the driver is given it: times as ISO 8601, which every server reads alike. */
export function parameterOf(value: SqlValue, type: ColumnType): SqlValue {
  return type === 'timestamptz' && typeof value === 'number'
    ? new Date(value).toISOString()
    : value;
}

/** What the server writes for a time where `DateStyle` is ISO: `2026-03-02 00:00:00.123+00`. */
const TIME = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/** Milliseconds since 1970 of a time as the server writes it. Throws for what is not ISO. */
export function readServerTime(text: string): number {
  const [, day, clock, sign, hours, minutes = '0', seconds = '0'] = TIME.exec(text) ?? [];
  if (day === undefined) {
    throw new TypeError(`"${text}" is no time in ISO form: the server's DateStyle must be ISO.`);
  }
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return Date.parse(`${day}T${clock}Z`) - (sign === '-' ? -offset : offset);
}

const PARSERS: Readonly<Record<number, (text: string) => SqlValue>> = {
  // boolean, as SQLite has it too
  16: (text) => (text === 't' ? 1 : 0),
  // bytea
  17: (text) => readBytes(text),
  // bigint, smallint, integer, real, double precision
  20: Number,
  21: Number,
  23: Number,
  700: Number,
  701: Number,
  // timestamptz
  1184: readServerTime,
};

function readBytes(text: string): Uint8Array {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex');
  throw new TypeError("The server's bytea_output must be hex.");
}

const AS_IT_IS = (text: string) => text;

/** How the driver reads values: into those that the shared code of both engines knows. */
export const VALUE_PARSERS = {
  getTypeParser: (type: number) => PARSERS[type] ?? AS_IT_IS,
};
