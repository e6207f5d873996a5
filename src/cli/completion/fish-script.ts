import { shellQuote } from '../shell-quote.ts';
import type { CompletedOption, CompletionModel, Place } from './completion-model.ts';
import { fixedPart } from './fixed-part.ts';

/** What completes a word in a place: options of fish's own `complete`. */
const PLACES: Readonly<Record<Place['kind'], (words: string) => string>> = {
  choice: (words) => `-x -a ${shellQuote(words)}`,
  choices: (words) => `-x -a ${shellQuote(`(__runledger_choices ${words})`)}`,
  file: () => '-r -F',
  folder: () => "-x -a '(__fish_complete_directories)'",
  store: (words) => `-x -a ${shellQuote(`(__runledger_store ${words})`)}`,
  program: () => "-x -a '(__runledger_program)'",
  text: () => '-x',
};

/** The script that makes fish complete the words of `runledger`. */
export function fishScript({ options, commands }: CompletionModel): string {
  const lines = options.map((option) => `${at([])} ${optionOf(option)}`);
  for (const { name, summary } of commands) {
    lines.push(`${at([])} -a ${name} -d ${shellQuote(summary)}`);
  }
  /** Each option, as it is told to fish, with the commands that have it. */
  const owners = new Map<string, string[]>();
  for (const { name, options: own, argument } of commands) {
    for (const option of own.map(optionOf)) {
      owners.set(option, [...(owners.get(option) ?? []), name]);
    }
    if (argument !== null && argument.kind !== 'text') {
      lines.push(`${at([name])} ${placeOf(argument)}`);
    }
  }
  for (const [option, names] of owners) lines.push(`${at(names)} ${option}`);
  return `${fixedPart('fish')}${lines.join('\n')}\n`;
}

function at(commands: readonly string[]): string {
  return `complete -c runledger -n '${['__runledger_at', ...commands].join(' ')}'`;
}

function optionOf({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => flag.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s '));
  const place = value === null ? [] : [placeOf(value)];
  return [...names, ...place, '-d', shellQuote(description)].join(' ');
}

function placeOf({ kind, choices }: Place): string {
  return PLACES[kind](choices.join(' '));
}
