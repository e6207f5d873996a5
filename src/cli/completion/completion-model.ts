import type { Argument, Command, Option } from 'commander';
import { DEFAULT_PLACES } from '../../config/default-places.ts';

/** A place on the command line for a word: the value of an option, or an argument. */
export interface Place {
  /** What the help calls it. */
  name: string;
  /**
   * What may stand there: one of `choices`, several of them with commas between, the path of a file or
   * a folder, a store (its kind, or `kind:` and a path), a program with its own arguments, or a text
   * that no shell could know.
   */
  kind: 'choice' | 'choices' | 'file' | 'folder' | 'store' | 'program' | 'text';
  choices: readonly string[];
}

/** An option as a shell completes it. */
export interface CompletedOption {
  /** The short and the long one, dashes included. */
  flags: readonly string[];
  description: string;
  /** Null for an option without a value. */
  value: Place | null;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly CompletedOption[];
  /** The first argument; null for a command without one. */
  argument: Place | null;
}

/** Everything that a shell completes. */
export interface CompletionModel {
  /** Those of the program itself. */
  options: readonly CompletedOption[];
  commands: readonly CompletedCommand[];
}

/** How a store begins: by its kind, or by a URL that goes on with a place. */
const STORES = [...Object.keys(DEFAULT_PLACES).flatMap((kind) => [kind, `${kind}:`]), 'memory:'];

/** What the names of places say in this program: `<file>` is a file wherever it stands. */
const KINDS: Readonly<Record<string, Omit<Place, 'name'>>> = {
  file: { kind: 'file', choices: [] },
  folder: { kind: 'folder', choices: [] },
  store: { kind: 'store', choices: STORES },
  'command...': { kind: 'program', choices: [] },
};

/** What there is to complete in a program, all of whose commands are defined. */
export function completionModel(program: Command): CompletionModel {
  const help = program.createHelp();
  const optionsOf = (command: Command) => help.visibleOptions(command).map(completedOption);
  const names = program.commands.map((command) => command.name());
  // Commander's own "help" is among them, and takes one of the others.
  const commands = help.visibleCommands(program).map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      summary: command.summary() || command.description(),
      options: optionsOf(command),
      argument: argument === undefined ? null : argumentPlace(argument, names),
    };
  });
  return { options: optionsOf(program), commands };
}

function completedOption(option: Option): CompletedOption {
  const { short, long, flags, description } = option;
  const [, name] = /[<[]([\w-]+)/.exec(flags) ?? [];
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description: description.replace(/\s+/g, ' '),
    value: name === undefined ? null : { name, ...kindOf(name, option) },
  };
}

function argumentPlace(argument: Argument, commands: readonly string[]): Place {
  const name = argument.name();
  if (name === 'command' && !argument.variadic) return { name, kind: 'choice', choices: commands };
  return { name, ...kindOf(argument.variadic ? `${name}...` : name, argument) };
}

function kindOf(name: string, { argChoices, parseArg }: Option | Argument): Omit<Place, 'name'> {
  if (argChoices === undefined) return KINDS[name] ?? { kind: 'text', choices: [] };
  const takesSeveral = accepts(() => parseArg?.(argChoices.join(), undefined));
  return { kind: takesSeveral ? 'choices' : 'choice', choices: argChoices };
}

/** Whether a value is let through. What a parser throws is its answer, no failure. */
function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
