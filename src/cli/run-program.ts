import { COMMANDS } from './command-list.ts';
import { exitCodeOf } from './exit-codes.ts';
import { handleSignals } from './interrupts.ts';
import { reportFailure } from './output/report-failure.ts';
import { isClosedPipe } from './output/stdout.ts';
import { buildProgram } from './program.ts';

/** Does what the words say, tells a failure on standard error, and sets the exit code. */
export async function runProgram(words: readonly string[]): Promise<void> {
  handleSignals();
  // A failed write rejects where it was made; without a listener it would also end the process here.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    // The command is among the first two words: `list …` or `help list`.
    const program = await buildProgram(words.slice(0, 2));
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(isHelpOfNone(words) ? words.slice(1) : words, { from: 'user' });
  } catch (error) {
    // Whoever read our output has gone, as in `list | head -1`: what was done stays as it is.
    if (isClosedPipe(error)) return;
    process.exitCode = exitCodeOf(error);
    reportFailure(error, words[0]);
  }
}

/** `help` for what is no command: the word by itself is refused, with what may have been meant. */
function isHelpOfNone([first, asked]: readonly string[]): boolean {
  return first === 'help' && asked !== undefined && !COMMANDS.some(({ name }) => name === asked);
}
