import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type EndSignal, takeSignals } from '../interrupts.ts';
import { isClosedPipe, writeTo } from '../output/stdout.ts';
import { KeptOutput } from './kept-output.ts';

/** How much of the standard output of a command is kept. */
const STDOUT_BYTES = 10_000_000;
/** Of its standard error the end is kept, where the reason of a failure stands. */
const STDERR_BYTES = 64_000;

/** How a command ended, and what it wrote. */
export interface CommandOutcome {
  /** Null where it was ended by a signal or never began. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Why it never began; null where it did. */
  startError: NodeJS.ErrnoException | null;
  /** The signal that this program was sent while it ran, such as SIGINT by Ctrl-C. */
  interruptedBy: EndSignal | null;
  stdout: KeptOutput;
  stderr: KeptOutput;
}

/** Where the output of a command goes. */
export interface CommandOptions {
  /** False: the command gets the terminal itself, and nothing is kept. */
  capture: boolean;
  /** Where its standard output is shown. */
  stdout: Writable;
}

/**
 * Runs a command with our standard input, shows its output as it comes and keeps the end of it.
 * Signals to this program are passed on to it; it decides how it ends.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { capture, stdout }: CommandOptions,
): Promise<CommandOutcome> {
  const output = capture ? 'pipe' : 'inherit';
  const child = spawn(command, args, { stdio: ['inherit', output, output] });
  const outcome: CommandOutcome = {
    exitCode: null,
    signal: null,
    startError: null,
    interruptedBy: null,
    stdout: new KeptOutput(STDOUT_BYTES),
    stderr: new KeptOutput(STDERR_BYTES),
  };
  takeSignals((signal) => {
    outcome.interruptedBy = signal;
    passOn(child, signal);
  });
  const shown = [
    show(child.stdout, stdout, outcome.stdout),
    show(child.stderr, process.stderr, outcome.stderr),
  ];
  child.on('error', (error) => {
    // Also emitted where a signal could not be sent; then the command did begin.
    if (child.pid === undefined) outcome.startError = error;
  });
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
    (resolve) => {
      child.on('close', (...ended) => resolve(ended));
    },
  );
  await Promise.all(shown);
  if (outcome.startError === null) Object.assign(outcome, { exitCode, signal });
  return outcome;
}

/** A terminal sends Ctrl-C to the command itself; sent twice, many programs stop without tidying up. */
function passOn(child: ChildProcess, signal: EndSignal): void {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

async function show(source: Readable | null, target: Writable, kept: KeptOutput): Promise<void> {
  if (source === null) return;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      kept.add(chunk);
      await writeTo(target, chunk);
    }
  } catch (error) {
    // Our reader has gone: leaving the loop closes the pipe, so that the command learns of it.
    if (!isClosedPipe(error)) throw error;
  }
}
