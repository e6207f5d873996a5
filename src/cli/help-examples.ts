import type { Command } from 'commander';
import { callOf } from './how-to-call.ts';

/** Adds examples to the help of a command: the command, spelled so that it works here, and what it does. */
export function addExamples(
  command: Command,
  examples: ReadonlyArray<readonly [string, string]>,
): Command {
  const lines = examples.map(([line, meaning]) => `  ${callOf(line)}\n      ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}
