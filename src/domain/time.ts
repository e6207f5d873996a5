/** The outcome of reading one value: what it is, or what is wrong with it. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string };

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/;
const CANONICAL_LENGTH = '2026-10-05T19:24:17.741Z'.length;

/**
 * Reads a time and brings it to ISO 8601 in UTC with milliseconds. Offsets are resolved, digits
 * beyond the millisecond are cut. A time without a zone is refused: it would mean another moment on
 * each machine. Years are 0001 to 9999, so that text order is time order.
 */
export function normalizeTime(value: unknown): Reading<string> {
  if (value instanceof Date) return fromMilliseconds(value.getTime());
  if (typeof value !== 'string') return { ok: false, problem: 'must be a time (ISO 8601)' };
  if (value.length === CANONICAL_LENGTH && value.endsWith('Z')) {
    const parsed = new Date(value);
    const inRange = !Number.isNaN(parsed.getTime()) && !value.startsWith('0000');
    if (inRange && parsed.toISOString() === value) return { ok: true, value };
  }
  const parts = ISO.exec(value);
  if (parts === null) {
    const problem = 'must be a time in ISO 8601 with a zone, such as 2026-10-05T19:24:17.741Z';
    return { ok: false, problem };
  }
  const [, year = '', month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const parsed = new Date(local);
  // Date.parse lets 30 February through as 2 March; a time that does not come back as it went in is none.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString() !== local) {
    return { ok: false, problem: 'is no time that a calendar has' };
  }
  return fromMilliseconds(parsed.getTime() - offsetMinutes(zone) * 60_000);
}

/** Milliseconds since 1970 as ISO 8601, where the year is 0001 to 9999. */
export function fromMilliseconds(milliseconds: number): Reading<string> {
  const problem = 'must be a time in the years 0001 to 9999';
  if (!Number.isInteger(milliseconds)) return { ok: false, problem };
  if (milliseconds < FIRST || milliseconds > LAST) return { ok: false, problem };
  return { ok: true, value: new Date(milliseconds).toISOString() };
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

function offsetMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0');
  return zone.startsWith('-') ? -minutes : minutes;
}
