import type { Command } from 'commander';

/** Adds examples to the help of a command: what to type after `runledger`, and what it does. */
export function addExamples(
  command: Command,
  examples: ReadonlyArray<readonly [string, string]>,
): Command {
  const lines = examples.map(([line, meaning]) => `  runledger ${line}\n      ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}
