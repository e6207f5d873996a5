import type { Transcript } from '../../repository/importer.ts';
import { WHOLE_FILE } from '../reading/json-records.ts';
import type { Span } from './span.ts';

/** Where what is read stands. */
export interface Place {
  file: Transcript;
  /** `line 3`, or the whole file. */
  place: string;
}

/** What both forms have, with ids as they were written. */
export type UnnamedSpan = Omit<Span, 'traceId' | 'spanId' | 'parentId' | 'file' | 'place'> & {
  traceId: unknown;
  spanId: unknown;
  parentId: unknown;
  place: Place;
};

/** A span with its ids; a sentence where it has none. */
export function newSpan({ traceId, spanId, parentId, place, ...rest }: UnnamedSpan): Span | string {
  const [trace, span, parent] = [idOf(traceId), idOf(spanId), idOf(parentId)];
  if (trace === undefined || span === undefined) return 'The span has no ids.';
  return {
    ...{ traceId: trace, spanId: span, parentId: parent },
    ...rest,
    file: place.file,
    place: place.place === WHOLE_FILE ? `span ${span}` : place.place,
  };
}

/** Ids are hexadecimal in either case; zeros stand for none. Some programs write them in base 64. */
function idOf(id: unknown): string | undefined {
  if (typeof id !== 'string' || /^0*$/.test(id)) return undefined;
  return /^[0-9a-f]+$/i.test(id) ? id.toLowerCase() : id;
}

/** A time or a duration, as a number or as its digits; undefined for none. `unit`: in nanoseconds. */
export function nanosecondsOf(value: unknown, unit = 1n): bigint | undefined {
  const digits = typeof value === 'number' ? String(value) : value;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) return undefined;
  const nanoseconds = BigInt(digits) * unit;
  return nanoseconds === 0n && unit === 1n ? undefined : nanoseconds;
}

/** What a status is called, as a number or a word; undefined for one that is not set. */
export function statusOf(code: unknown): Span['status'] {
  const text = typeof code === 'number' ? String(code) : code;
  const word = typeof text === 'string' ? text.replace('STATUS_CODE_', '').toUpperCase() : '';
  if (word === '2' || word === 'ERROR') return 'error';
  return word === '1' || word === 'OK' ? 'ok' : undefined;
}
