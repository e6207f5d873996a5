import type { CompletionModel, Place } from './completion-model.ts';
import { fixedPart } from './fixed-part.ts';

/** What completes a word in a place: a function of `completion.bash`. */
const FUNCTIONS: Readonly<Record<Place['kind'], string>> = {
  choice: '_runledger_choice',
  choices: '_runledger_choices',
  file: '_runledger_paths default -f',
  folder: '_runledger_paths dirnames -d',
  store: '_runledger_store',
  program: '_runledger_program',
  text: ':',
};

/** The script that makes bash complete the words of `runledger`. */
export function bashScript({ options, commands }: CompletionModel): string {
  const names = commands.map(({ name }) => name);
  const first = callOf('choice', [...names, ...flagsOf(options)]);
  const programs = commands.filter(({ argument }) => argument?.kind === 'program');
  /** The calls that complete values of options, with the places of each: a command and an option. */
  const values = new Map<string, string[]>();
  for (const { name, options: own } of commands) {
    for (const { flags, value } of own) {
      if (value === null) continue;
      const call = callOf(value.kind, value.choices);
      const places = flags.map((flag) => `'${name} ${flag}'`);
      values.set(call, [...(values.get(call) ?? []), ...places]);
    }
  }
  const cases = [
    `' '*) ${first}`,
    ...programs.map(({ name }) => `'${name} --') ${callOf('program')}`),
    `*' --') ${callOf('text')}`,
    ...[...values].map(([call, places]) => `${places.join(' | ')}) ${call}`),
    ...commands.map(({ name, options: own, argument }) => {
      return `'${name} '*) ${callOf('choice', [...(argument?.choices ?? []), ...flagsOf(own)])}`;
    }),
  ];
  return `${fixedPart('bash')}
# What may stand behind a command and the word before.
_runledger_expect() {
  case $1 in
${cases.map((line) => `    ${line} ;;`).join('\n')}
  esac
}
`;
}

function callOf(kind: Place['kind'], words: readonly string[] = []): string {
  return [FUNCTIONS[kind], ...words].join(' ');
}

function flagsOf(options: CompletionModel['options']): string[] {
  return options.flatMap(({ flags }) => flags);
}
