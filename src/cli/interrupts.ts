import { constants } from 'node:os';

/** The signals that ask the program to end: Ctrl-C, `kill`, a closed terminal. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const END_SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Runners such as npx pass a signal on that the terminal delivered already: one Ctrl-C, two signals. */
const SAME_PRESS_MS = 500;

/** A command was stopped by a signal after it had left everything whole. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  /** `note` says what stands and how to go on. */
  constructor(signal: EndSignal, note: string) {
    super(`interrupted: ${note}`);
    this.exitCode = exitCodeOfSignal(signal);
  }
}

/** What shells report for a process that a signal ended: 130 for Ctrl-C. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

let onSignal = (signal: EndSignal): void => process.exit(exitCodeOfSignal(signal));

/**
 * Ends the program on a signal. That is safe at any moment, because stores change in transactions;
 * a command that has more to say or to finish takes the signals over.
 */
export function handleSignals(): void {
  for (const signal of END_SIGNALS) process.on(signal, () => onSignal(signal));
}

/** From now on this is called for every signal, and nothing else happens. */
export function takeSignals(handler: (signal: EndSignal) => void): void {
  onSignal = handler;
}

/** Calls back for each time that somebody wants an end, with how often that was, from 1 on. */
export function takePresses(handler: (signal: EndSignal, times: number) => void): void {
  let times = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  takeSignals((signal) => {
    const now = Date.now();
    if (now - lastAt <= SAME_PRESS_MS) return;
    lastAt = now;
    times += 1;
    handler(signal, times);
  });
}

/** An `AbortSignal` that the first Ctrl-C aborts with `Interrupted`; a second one ends at once. */
export function interruptSignal(note: string): AbortSignal {
  const controller = new AbortController();
  takePresses((signal, times) => {
    if (times === 1) controller.abort(new Interrupted(signal, note));
    else process.exit(exitCodeOfSignal(signal));
  });
  return controller.signal;
}
