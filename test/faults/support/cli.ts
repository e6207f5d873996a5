import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** The command that runs the command line, without a shell or npm in between. */
export function cli(...words: string[]): string[] {
  return [process.execPath, MAIN, ...words];
}
