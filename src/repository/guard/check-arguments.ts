import { decodeCursor, type RunOrder, type RunPlace } from '../../domain/cursor.ts';
import { kindOf, uuid } from '../../domain/field-readers.ts';
import { type NormalFilter, normalizeFilter, type RunFilter } from '../../domain/filter.ts';
import { InvalidRun } from '../../domain/invalid-run.ts';
import { isPlainObject } from '../../domain/json.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { AgentRun } from '../../domain/run.ts';
import { type ErrorCode, RunledgerError } from '../errors.ts';
import type { ChangesOptions } from '../run-repository.ts';

/** Runs a check of the domain and gives its failure our code. */
export function asInvalid<T>(what: string, check: () => T, code: ErrorCode = 'INVALID'): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidRun)) throw error;
    throw new RunledgerError(code, `The ${what} is not valid: ${error.message}.`, {
      issues: error.issues,
    });
  }
}

/** A run in normal form. */
export function checkRun(run: unknown): AgentRun {
  if (!isPlainObject(run)) throw new TypeError(`A run must be a plain object, not ${kindOf(run)}.`);
  return asInvalid('run', () => normalizeRun(run));
}

/** A filter in normal form; TypeError for what is no object. */
export function checkFilter(filter: RunFilter | undefined): NormalFilter {
  if (filter === undefined) return {};
  if (!isPlainObject(filter)) throw new TypeError('A filter must be an object.');
  return asInvalid('filter', () => normalizeFilter(filter));
}

/** Options of which each has a name that the method knows; none at all are no options. */
export function checkOptions<T extends object>(
  options: T | undefined,
  names: readonly (keyof T & string)[],
): Partial<T> {
  if (options === undefined) return {};
  if (!isPlainObject(options)) throw new TypeError('Options must be a plain object.');
  for (const name of Object.keys(options)) {
    if ((names as readonly string[]).includes(name)) continue;
    throw new RunledgerError('INVALID', `"${name}" is no option; there are ${names.join(', ')}.`, {
      issues: [{ path: name, problem: 'is no option' }],
    });
  }
  return options;
}

/** How many items a page has. */
export function checkPageLimit(limit: unknown): number {
  return checkWithin('limit', limit, { most: 1000, otherwise: 50 });
}

/** An id in lower case; TypeError for what is no string, null for what no run can have as id. */
export function checkId(id: unknown): string | null {
  if (typeof id !== 'string') throw new TypeError('A run id must be a string.');
  const reading = uuid(id);
  return reading.ok ? (reading.value as string) : null;
}

/** A whole number between two others. */
export function checkWithin(
  name: string,
  value: unknown,
  { least = 1, most, otherwise }: { least?: number; most: number; otherwise: number },
): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number.`);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RunledgerError('INVALID', `${name} must be a whole number from ${least} to ${most}.`, {
    issues: [{ path: name, problem: `must be a whole number from ${least} to ${most}` }],
  });
}

/** An order. */
export function checkOrder(order: unknown): RunOrder {
  if (order === undefined) return 'newest';
  if (order === 'newest' || order === 'oldest') return order;
  throw new RunledgerError('INVALID', 'order must be "newest" or "oldest".', {
    issues: [{ path: 'order', problem: 'must be newest or oldest' }],
  });
}

/** The place that a cursor stands for. */
export function checkCursor(order: RunOrder, cursor: unknown): RunPlace | null {
  if (cursor === undefined) return null;
  if (typeof cursor !== 'string') throw new TypeError('cursor must be a string.');
  const place = decodeCursor(order, cursor);
  if (place !== null) return place;
  throw new RunledgerError('BAD_CURSOR', 'The cursor is not one of a list in this order.', {
    hint: 'Use nextCursor of the page before, with the same order; or start without a cursor.',
  });
}

/** How long a transaction may take. */
export function checkTimeLimit(timeLimitMs: unknown): number {
  return checkWithin('timeLimitMs', timeLimitMs, { most: 600_000, otherwise: 30_000 });
}

/** What `changes` is given. */
export function checkChangesOptions(options: ChangesOptions | undefined): ChangesOptions {
  const given = checkOptions(options, ['after', 'follow', 'signal']);
  if (given.after !== undefined && typeof given.after !== 'string') {
    throw new TypeError('after must be a position: a string.');
  }
  if (given.signal !== undefined && !(given.signal instanceof AbortSignal)) {
    throw new TypeError('signal must be an AbortSignal.');
  }
  return given;
}

/** Many runs: anything to iterate over but a string, which is many characters. */
export function checkIterable(runs: unknown): void {
  const isObject = typeof runs === 'object' && runs !== null;
  if (isObject && (Symbol.iterator in runs || Symbol.asyncIterator in runs)) return;
  throw new TypeError(`saveMany() takes an iterable of runs, not ${kindOf(runs)}.`);
}
