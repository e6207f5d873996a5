import { RunledgerError } from '../errors.ts';

/** Whether calls may still be made, and which are under way. */
export class OpenState {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #what: string;
  #isOpen = true;

  /** `what` names the thing in the error, such as "repository". */
  constructor(what: string) {
    this.#what = what;
  }

  /** Makes a call, or rejects with CLOSED. */
  async call<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const call = work();
    this.#underWay.add(call);
    try {
      return await call;
    } finally {
      this.#underWay.delete(call);
    }
  }

  /** Throws CLOSED when calls may not be made any more. */
  check(): void {
    if (this.#isOpen) return;
    throw new RunledgerError('CLOSED', `The ${this.#what} is closed.`, {
      hint: `Make the call before the ${this.#what} ends, or open a new one.`,
    });
  }

  /** Refuses calls from now on and waits until those under way have ended, however they end. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
  }
}
