import { CommanderError } from 'commander';
import { type ErrorCode, isRunledgerError } from '../repository/errors.ts';
import { Interrupted } from './interrupts.ts';
import { UsageError } from './usage-error.ts';

/** What the program ends with. `docs/cli.md` explains each to its users. */
export const EXIT = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  /** Done, but some items could not be taken in; each was listed. */
  setAside: 3,
  /** A verification found a difference. Outranks `setAside`. */
  differences: 4,
  interrupted: 130,
} as const;

/** Failures that come from what was typed, not from what is stored. */
const WRONG_USE: ReadonlySet<ErrorCode> = new Set([
  'INVALID',
  'BAD_CURSOR',
  'BAD_QUERY',
  'EMPTY_FILTER',
]);

/** The exit code for what a command ended with. Commander throws for help and version too: those are 0. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  if (error instanceof UsageError) return EXIT.wrongUse;
  return isRunledgerError(error) && WRONG_USE.has(error.code) ? EXIT.wrongUse : EXIT.failed;
}
