import { shellQuote } from '../shell-quote.ts';
import type { CompletedOption, CompletionModel, Place } from './completion-model.ts';
import { fixedPart } from './fixed-part.ts';

/** What completes a word in a place. */
const ACTIONS: Readonly<Record<Place['kind'], (words: string) => string>> = {
  choice: (words) => `(${words})`,
  choices: (words) => `_sequence compadd - ${words}`,
  file: () => '_files',
  folder: () => '_files -/',
  // The space keeps zsh from adding arguments of its own.
  store: (words) => ` _runledger_store ${words}`,
  program: () => '_command_names -e',
  text: () => ' ',
};

/** The script that makes zsh complete the words of `runledger`. */
export function zshScript({ options, commands }: CompletionModel): string {
  const described = commands.map(({ name, summary }) => shellQuote(`${name}:${summary}`));
  const cases = commands.map(({ name, options: own, argument }) => {
    const specs = [...own.flatMap(optionSpecs), ...argumentSpecs(argument)];
    return `    ${name}) _arguments -S ${specs.map(shellQuote).join(' ')} ;;`;
  });
  return `#compdef runledger
# Made by "runledger completion zsh": make it again after an update.

typeset -ga _runledger_options=(${options.flatMap(optionSpecs).map(shellQuote).join(' ')})

typeset -ga _runledger_commands=(
${described.map((line) => `  ${line}`).join('\n')}
)

# What may stand behind a command.
_runledger_expect() {
  case $words[1] in
${cases.join('\n')}
  esac
}

${fixedPart('zsh')}`;
}

/** With a star: some options may be given several times, and none is worth forbidding. */
function optionSpecs({ flags, description, value }: CompletedOption): string[] {
  const about = `[${description.replaceAll(/[\]\\:]/g, '\\$&')}]`;
  return flags.map((flag) =>
    value === null ? `*${flag}${about}` : `*${flag}=${about}:${placeSpec(value)}`,
  );
}

function argumentSpecs(argument: Place | null): string[] {
  if (argument === null) return [];
  if (argument.kind === 'program')
    return [`(-)1:${placeSpec(argument)}`, '*::argument: _runledger_arguments'];
  return [`${argument.kind === 'choice' ? '1' : '*'}:${placeSpec(argument)}`];
}

function placeSpec({ name, kind, choices }: Place): string {
  return `${name}:${ACTIONS[kind](choices.map((word) => word.replaceAll(':', '\\:')).join(' '))}`;
}
