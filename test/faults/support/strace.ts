import { spawnSync } from 'node:child_process';

/** Why system calls cannot be made to fail here; null where they can. */
export function refusalOfStrace(): string | null {
  const probe = ['-qq', '-o', '/dev/null', '-e', 'inject=chdir:error=EIO', 'true'];
  const { status, stderr, error } = spawnSync('strace', probe, { encoding: 'utf8' });
  return status === 0 ? null : `no strace here: ${error?.message ?? stderr.trim()}`;
}

/**
 * The command that runs another one with system calls that fail, as strace's `inject=` has it. What
 * failed goes into `log`, a line each.
 */
export function injecting(
  fault: string,
  command: readonly string[],
  log: string = '/dev/null',
): string[] {
  return ['strace', '-f', '-qq', '-o', log, '-e', `inject=${fault}`, ...command];
}
