import { isRunledgerError } from '../../../src/repository/errors.ts';
import type { History, Step } from './history.ts';

/** A failure as a writer tells it. */
export interface ToldFailure {
  /** The class of the error. */
  name: string;
  code: string | null;
  message: string;
  hint: string | null;
}

type Line = { begin: Step } | { done: true } | { failed: ToldFailure };

/** Tells what is about to be done, before any of it. Writing to a pipe is synchronous. */
export function tellBegin(step: Step): void {
  tell({ begin: step });
}

/** Tells that the step was acknowledged. */
export function tellDone(): void {
  tell({ done: true });
}

/** Tells that the step failed. */
export function tellFailed(error: unknown): void {
  tell({ failed: asTold(error) });
}

/** The parts of a failure that a person is shown. */
export function asTold(error: unknown): ToldFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const own = isRunledgerError(error) ? error : null;
  return { name, code: own?.code ?? null, message, hint: own?.hint ?? null };
}

/** Reads a line that one of these told into a history; returns the failure if it was one. */
export function hear(text: string, history: History): ToldFailure | null {
  const line = JSON.parse(text) as Line;
  if ('begin' in line) history.begin(line.begin);
  else history.end('done' in line ? 'done' : 'failed');
  return 'failed' in line ? line.failed : null;
}

function tell(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
