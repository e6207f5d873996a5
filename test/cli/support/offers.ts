import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The shells that can complete, each as it starts without what its user has set up. */
const COMMANDS = {
  bash: ['bash', '--norc'],
  zsh: ['zsh', '-f'],
  fish: ['fish', '--no-config'],
} as const;

/** `--option=` and `kind:` before what is offered, and the slash behind a folder. */
const BEFORE_OR_SLASH = /^(?:--\w+=)?(?:\w+:(?=.))?|\/$/g;

/** The name of a shell that can complete. */
export type Shell = keyof typeof COMMANDS;

/** Their names. */
export const SHELLS = Object.keys(COMMANDS) as Shell[];

/** Why a shell cannot be tried here; empty where it can. */
export function whyNoShell(shell: Shell): string {
  return spawnSync(shell, ['-c', 'true']).status === 0 ? '' : `no ${shell} is installed here`;
}

/**
 * What a shell offers for each line that ends where TAB is pressed: the words that could stand there,
 * sorted, without what is in front of them in the same word and without the slash of folders.
 */
export function offersOf(
  shell: Shell,
  script: string,
  lines: readonly string[],
  folder: string,
): string[][] {
  const path = join(temporaryFolder(), `script.${shell}`);
  writeFileSync(path, script);
  const [command, flag] = COMMANDS[shell];
  const { stdout, stderr } = spawnSync(
    command,
    [flag, join(import.meta.dirname, `offers.${shell}`), path],
    {
      cwd: folder,
      input: lines.map((line) => `${line}\n`).join(''),
      encoding: 'utf8',
      timeout: 30_000,
      env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm', LC_ALL: 'C' },
    },
  );
  if (stderr !== '') throw new Error(`${shell} complains: ${stderr}`);
  return stdout
    .split(/^= .*\n/m)
    .slice(1)
    .map((answer) => {
      const words = answer.split('\n').map((word) => word.replace(BEFORE_OR_SLASH, ''));
      return [...new Set(words)].filter((word) => word !== '').sort();
    });
}
