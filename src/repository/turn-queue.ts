import { RunledgerError } from './errors.ts';

/** Gives turns in the order in which they were asked for, one at a time. */
export class TurnQueue {
  /** Begin the turns of those who wait, the first come first. */
  readonly #waiting = new Set<() => void>();
  #isTaken = false;

  /**
   * Waits for a turn and returns the function that ends it. Rejects with BUSY when the turn did not
   * come within the waiting time; the place in the queue is then given up.
   */
  take(waitMs: number): Promise<() => void> {
    if (!this.#isTaken) {
      // Nobody is before us: without a timer, which would cost more than a short turn.
      this.#isTaken = true;
      return Promise.resolve(this.#turn());
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve(this.#turn());
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(begin);
        reject(busy(waitMs));
      }, waitMs);
      this.#waiting.add(begin);
    });
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

  /** A turn that has begun: the function that ends it, once. */
  #turn(): () => void {
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const [next] = this.#waiting;
      if (next === undefined) {
        this.#isTaken = false;
        return;
      }
      this.#waiting.delete(next);
      next();
    };
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
