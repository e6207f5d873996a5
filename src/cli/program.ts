import { Command } from 'commander';
import { COMMANDS, type CommandEntry } from './command-list.ts';
import { callOf } from './how-to-call.ts';
import { packageVersion } from './package-files.ts';

/** Help wider than this is hard to read. */
const HELP_COLUMNS = 80;

const DESCRIPTION = `Keeps the runs of AI agents: every prompt, what came of it, what it cost.

A store is named by its kind or by its place: sqlite (./data/claude-runs.db),
file (./logs/claude-runs), sqlite:<file>, file:<folder>. Where none is named, it
is the one that runledger.config.yaml or RUNLEDGER_STORE names, if they do.`;

/**
 * The program with the options and actions of the commands that are named, or of all. The others are
 * there with their one-line summary only, so that starting costs no more than the command that runs.
 */
export async function buildProgram(wanted: 'all' | readonly string[]): Promise<Command> {
  const program = new Command('runledger')
    .description(DESCRIPTION)
    .usage('<command> [options]')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup('More:')
    .helpCommand('help [command]', 'Print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      // main.ts tells every failure in one form; commander only throws it.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(process.stdout.columns || HELP_COLUMNS, HELP_COLUMNS),
    })
    .addHelpText('after', () => helpFooter());
  const isWanted = ({ name }: CommandEntry) => wanted === 'all' || wanted.includes(name);
  const all = COMMANDS.some((entry) => entry.readsAll && isWanted(entry));
  for (const entry of COMMANDS) {
    const { name, summary, group, load } = entry;
    const command = program.command(name).summary(summary).helpGroup(group);
    if (all || isWanted(entry)) (await load())(command);
  }
  return program;
}

function helpFooter(): string {
  return `
Exit codes: 0 done, 1 failed, 2 wrong use, 3 done but with items put aside,
4 a verification found a difference, 130 interrupted.

Begin with:
  ${callOf('start')}
  ${callOf('list --help')}
`;
}
