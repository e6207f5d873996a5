import { RunledgerError } from './errors.ts';

/** Gives turns in the order in which they were asked for, one at a time. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits for a turn and returns the function that ends it. Rejects with BUSY when the turn did not
   * come within the waiting time; the place in the queue is then given up.
   */
  async take(waitMs: number): Promise<() => void> {
    const before = this.#last;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last = before.then(() => ended);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(busy(waitMs)), waitMs);
    try {
      await Promise.race([before, late]);
      return end;
    } catch (error) {
      end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does the work when its turn comes. */
  async run<T>(waitMs: number, work: () => T | Promise<T>): Promise<T> {
    const end = await this.take(waitMs);
    try {
      return await work();
    } finally {
      end();
    }
  }
}

function busy(waitMs: number): RunledgerError {
  return new RunledgerError(
    'BUSY',
    `The store was being written for ${waitMs} ms without a pause.`,
    {
      hint: 'A transaction holds it: make transactions shorter, or try again.',
    },
  );
}
