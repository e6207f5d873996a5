import type { Command } from 'commander';
import { addExamples } from '../help-examples.ts';
import { addJsonOption } from '../json-option.ts';
import { collect } from '../option-values.ts';
import { recordCommand } from '../record/record-command.ts';
import { recordInput } from '../record/record-input.ts';
import type { RecordOptions } from '../record/record-options.ts';
import { addStoreOption } from '../store-access.ts';
import { UsageError } from '../usage-error.ts';

/** `runledger record` */
export function defineRecord(command: Command): void {
  command
    .description(
      `Store runs, in one of two ways. The store is made if it is not there.

Without a command, runs are read as JSON from standard input: one run, an array,
or one run per line. What is not valid is listed, the others are stored.

With a command, it is run and kept: RUNNING while it works, then SUCCESS, or
FAILED with the error code EXIT_<n>, SIGNAL_<name> or NOT_STARTED. Its output is
shown as it comes; the last 10 MB of its standard output are kept. The exit code
is the command's own. Ctrl-C reaches the command; the run is CANCELLED.`,
    )
    .usage('[options] [-- <command> [args...]]')
    .argument('[command...]', 'the command to run, after --')
    .passThroughOptions()
    .optionsGroup('About the run of a command:')
    .option(
      '--repository <name>',
      'its repository (default: the git repository here,\nelse the name of this folder)',
    )
    .option('--agent <name>', 'the agent that runs')
    .option('--model <name>', 'the model that it uses')
    .option('--session <id>', 'the session that it belongs to')
    .option('--prompt <text>', 'what the agent is asked (default: the command)')
    .option('--tag <tag>', 'a tag for it; may be given several times', collect)
    .option('--no-capture', 'hand the terminal over and keep no output')
    .optionsGroup('Options:');
  addStoreOption(command);
  addJsonOption(command);
  addExamples(command, [
    ['record < run.json', 'store a run that a program wrote'],
    ['record --agent reviewer -- npm test', 'run the tests and keep what happened'],
    ['record --no-capture -- vim notes.txt', 'a program that needs the terminal'],
  ]).action((words: string[], options: RecordOptions) => record(words, options));
}

async function record(words: readonly string[], options: RecordOptions): Promise<void> {
  const [program, ...args] = words;
  if (program !== undefined) return recordCommand(program, args, options);
  if (process.stdin.isTTY) {
    throw new UsageError(
      'There is nothing to record.',
      'Give runs as JSON on standard input, or a command after --.',
    );
  }
  for (const name of ['repository', 'agent', 'model', 'session', 'prompt', 'tag'] as const) {
    if (options[name] === undefined) continue;
    throw new UsageError(
      `--${name} describes the run of a command; a run on standard input says it itself.`,
      'Give the command after --.',
    );
  }
  await recordInput(process.stdin, options);
}
