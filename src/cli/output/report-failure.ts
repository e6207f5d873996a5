import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import { callOf, callOnStore } from '../how-to-call.ts';
import { Interrupted } from '../interrupts.ts';
import { UsageError } from '../usage-error.ts';
import { masked } from './masked.ts';
import { printable } from './printable.ts';
import { paintError } from './style.ts';

/** A failure as people read it. */
export interface Failure {
  message: string;
  hint: string | undefined;
}

/**
 * Tells on standard error why a command ended: `error: …`, then `hint: …`. Help and version are no
 * failures and say nothing. The stack is shown with `RUNLEDGER_DEBUG=1` alone.
 */
export function reportFailure(error: unknown, command: string | undefined): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    return;
  }
  const { message, hint } = describeFailure(error, command);
  const tell = (text: string) => process.stderr.write(`${masked(text)}\n`);
  tell(`${paintError('red', 'error:')} ${printable(message)}`);
  if (hint !== undefined && !message.includes(hint)) {
    tell(`${paintError('cyan', 'hint:')} ${printable(hint)}`);
  }
  if (process.env.RUNLEDGER_DEBUG === '1') tell(inspect(error));
}

/** What happened, and what to do about it where that is known. */
export function describeFailure(error: unknown, command?: string): Failure {
  if (error instanceof CommanderError) return describeUsage(error.message, command);
  if (error instanceof UsageError || error instanceof RunledgerError) {
    return { message: error.message, hint: hintOf(error) };
  }
  if (!(error instanceof Error)) return { message: String(error), hint: undefined };
  // The system's own words ("ENOSPC: no space left on device") name the cause; others are ours to find.
  const hint = 'syscall' in error ? undefined : 'RUNLEDGER_DEBUG=1 shows where this happened.';
  return { message: error.message, hint };
}

/** The hints of the library name its methods; here they name what can be typed. */
function hintOf(error: UsageError | RunledgerError): string | undefined {
  if (isRunledgerError(error, 'NOT_FOUND')) {
    return `"${callOnStore('list')}" shows the newest with their ids.`;
  }
  if (isRunledgerError(error, 'TRANSITION')) {
    return 'cancel is for QUEUED and RUNNING runs, retry for FAILED ones.';
  }
  return error.hint;
}

/** Commander writes the suggestion in brackets under the message. */
function describeUsage(text: string, command: string | undefined): Failure {
  const [message = '', suggestion] = text.replace(/^error: /, '').split('\n');
  if (suggestion !== undefined) return { message, hint: suggestion.replace(/^\((.*)\)$/, '$1') };
  const isCommand =
    command !== undefined && /^[a-z]/.test(command) && !message.startsWith('unknown command');
  return {
    message,
    hint: `${callOf(isCommand ? `${command} --help` : '--help')} shows what there is.`,
  };
}
