import type { JsonValue } from '../../domain/json.ts';
import { fromMilliseconds } from '../../domain/time.ts';
import type { Transcript } from '../../repository/importer.ts';

/** What a span, an event or a resource says of itself, by name. */
export type Attributes = Readonly<Record<string, JsonValue>>;

/** One piece of work in a trace, whichever program wrote it down. */
export interface Span {
  traceId: string;
  spanId: string;
  /** Undefined for a span that hangs on none. */
  parentId: string | undefined;
  name: string;
  /** Nanoseconds since 1970. */
  start: bigint | undefined;
  end: bigint | undefined;
  status: 'ok' | 'error' | undefined;
  statusMessage: string | undefined;
  attributes: Attributes;
  events: readonly SpanEvent[];
  /** The program that it comes from. */
  resource: Attributes;
  file: Transcript;
  /** Where in the file: `line 3`, or the span itself where the file is one document. */
  place: string;
}

/** Something that happened within a span. */
export interface SpanEvent {
  name: string;
  attributes: Attributes;
}

const NANOSECONDS = 1_000_000n;

/** A moment as ISO 8601 in UTC with milliseconds; undefined for none, and for years beyond 9999. */
export function isoOf(nanoseconds: bigint | undefined): string | undefined {
  if (nanoseconds === undefined) return undefined;
  const time = fromMilliseconds(millisecondsOf(nanoseconds));
  return time.ok ? time.value : undefined;
}

/** Milliseconds, whole ones. */
export function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / NANOSECONDS);
}

/** How long a span took in milliseconds, between its times as they are shown. */
export function durationOf({ start, end }: Pick<Span, 'start' | 'end'>): number | undefined {
  if (start === undefined || end === undefined || end < start) return undefined;
  return millisecondsOf(end) - millisecondsOf(start);
}

/** A text attribute that is not empty, of the first of these names that is one. */
export function textOf(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** The model that answered, or else the one that was asked. */
export function modelName(attributes: Attributes): string | undefined {
  return textOf(attributes, 'gen_ai.response.model', 'gen_ai.request.model', 'llm.model_name');
}
