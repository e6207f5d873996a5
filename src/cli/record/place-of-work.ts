import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { cwd } from 'node:process';

/** The longest name that a repository of ours can have. */
const NAME_CHARACTERS = 255;

/** Where a command is run, as its run tells it. */
export interface PlaceOfWork {
  repository: string;
  branch?: string;
  workingDirectory: string;
}

/**
 * The repository and branch of the folder that we stand in: of the git repository around it, else
 * the folder's own name.
 */
export function placeOfWork(): PlaceOfWork {
  const workingDirectory = cwd();
  const top = git('rev-parse', '--show-toplevel');
  const branch = git('branch', '--show-current');
  const name = basename(top || workingDirectory) || workingDirectory;
  return {
    repository: [...name].slice(0, NAME_CHARACTERS).join(''),
    ...(branch && { branch }),
    workingDirectory,
  };
}

/** What git answers; empty where there is no git, or no repository. */
function git(...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : '';
}
