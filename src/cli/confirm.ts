import { createInterface } from 'node:readline';
import { UsageError } from './usage-error.ts';

/**
 * Asks at the terminal whether to go on, on standard error: with `--json`, standard output holds the
 * document alone. Where there is no terminal, says what would be done and which option does it.
 */
export async function confirm(question: string, whatWouldBe: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(
      `${whatWouldBe}, and there is no terminal to ask at.`,
      '--dry-run tells what would be done; --yes does it.',
    );
  }
  process.stderr.write(`${question} [y/N] `);
  for await (const answer of createInterface({ input: process.stdin })) {
    return /^y(es)?$/i.test(answer.trim());
  }
  return false;
}
