import assert from 'node:assert/strict';
import type { AgentRun } from '../domain/run.ts';
import { type ErrorCode, isRunledgerError, type RunledgerError } from '../repository/errors.ts';

/** Fails unless the call rejects with that code; gives the error for a closer look. */
export async function rejectsWith(
  code: ErrorCode,
  call: Promise<unknown>,
): Promise<RunledgerError> {
  const error = await failureOf(call);
  if (!isRunledgerError(error)) throw error;
  assert.equal(error.code, code, error.message);
  assert.notEqual(error.message, '');
  return error;
}

/** Fails unless the call rejects with a `TypeError`: wrong use of the API. */
export async function rejectsWithTypeError(call: Promise<unknown>): Promise<void> {
  const error = await failureOf(call);
  if (!(error instanceof TypeError)) throw error;
}

/** What a call rejects with. Fails when it resolves. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  const result = await call.then(
    (value) => ({ resolved: true, value }),
    (value: unknown) => ({ resolved: false, value }),
  );
  assert.ok(!result.resolved, 'the call was expected to reject, but resolved');
  return result.value;
}

/** Everything that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}

/** Fails unless both are the same run: in content, and in the source that the digest leaves out. */
export function assertSameRun(actual: AgentRun | null, expected: AgentRun): void {
  assert.ok(actual !== null, `the run ${expected.id} is not there`);
  assert.deepEqual(withoutStamps(actual), withoutStamps(expected));
}

/** A run without the fields that the store writes. */
export function withoutStamps(run: AgentRun): AgentRun {
  const { version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...content } = run;
  return content;
}

/** The ids of runs, in their order. */
export function idsOf(runs: Iterable<{ id: string }>): string[] {
  return Array.from(runs, ({ id }) => id);
}

/** A value of another type than TypeScript would let through. */
export function wrongType<T>(value: unknown): T {
  return value as T;
}
