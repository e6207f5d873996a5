import { InvalidArgumentError, Option } from 'commander';
import type { RunOrder } from '../domain/cursor.ts';
import { readDuration } from '../domain/duration.ts';
import { uuid } from '../domain/field-readers.ts';
import { normalizeTime } from '../domain/time.ts';

/** Reads a whole number in a range, for commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** The longest page that the contract allows. */
export const MOST_ON_PAGE = 1_000;

/** Reads how many items a page has. */
export const pageLimit = wholeNumber(1, MOST_ON_PAGE);

const ID_CHARACTERS = 36;

/** Reads the id of a run, of which a part is not enough. */
export function runId(text: string): string {
  if (uuid(text).ok) return text;
  throw new InvalidArgumentError(
    text.length === ID_CHARACTERS
      ? 'An id has only digits, a to f, and hyphens, as list shows it.'
      : `An id has ${ID_CHARACTERS} characters; this has ${text.length}.`,
  );
}

/** Reads several ids. */
export function runIds(text: string, before: readonly string[] = []): string[] {
  return [...before, runId(text)];
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Reads an age: `30m`, `24h`, `7d` or `2w`. Gives milliseconds. */
export function age(text: string): number {
  const stretch = readDuration(text);
  if (stretch !== undefined) return stretch;
  throw new InvalidArgumentError('It must be an age such as 90m, 26h or 7d.');
}

/**
 * Reads a moment: `30m`, `24h`, `7d` or `2w` before now, a day (its start in UTC), or ISO 8601 with a
 * zone. Gives ISO 8601.
 */
export function moment(text: string): string {
  const back = readDuration(text);
  if (back !== undefined) return new Date(Date.now() - back).toISOString();
  const time = normalizeTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00.000Z` : text);
  if (time.ok) return time.value;
  throw new InvalidArgumentError(
    'It must be a time such as 24h, 7d, 2026-10-05 or 2026-10-05T19:24:17Z.',
  );
}

/** The option that says from which end runs are told. */
export function orderOption(order: RunOrder): Option {
  return new Option('--order <order>', 'which runs come first')
    .choices(['newest', 'oldest'])
    .default(order);
}
