import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { type CompletionModel, completionModel } from '../completion/completion-model.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { addExamples } from '../help-examples.ts';
import { addJsonOption, type JsonOption } from '../json-option.ts';
import { writeJson } from '../output/json-document.ts';
import { writeOut } from '../output/stdout.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  string,
  (model: CompletionModel) => string
>;
type Shell = keyof typeof SCRIPTS;

/** `runledger completion` */
export function defineCompletion(command: Command): void {
  const program = command.parent ?? command;
  command
    .description(
      `Print a script that makes a shell complete the commands, options and values of
runledger where it is installed; calls by npx or npm run it cannot complete.
Print it again after an update.`,
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)));
  addJsonOption(command);
  addExamples(command, [
    [
      'completion bash > ~/.local/share/bash-completion/completions/runledger',
      'for bash, with the package bash-completion',
    ],
    [
      'completion zsh > ~/.zfunc/_runledger',
      'for zsh, with "fpath+=~/.zfunc" before compinit in ~/.zshrc',
    ],
    ['completion fish > ~/.config/fish/completions/runledger.fish', 'for fish'],
  ]).action((shell: Shell, { json }: JsonOption) => print(shell, program, json === true));
}

async function print(shell: Shell, program: Command, json: boolean): Promise<void> {
  const script = SCRIPTS[shell](completionModel(program));
  await (json ? writeJson({ shell, script }) : writeOut(script));
}
