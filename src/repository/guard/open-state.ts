import { RunledgerError } from '../errors.ts';

/** Whether calls may still be made, and which are under way. */
export class OpenState {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #what: string;
  readonly #stop = new AbortController();
  #isOpen = true;

  /** `what` names the thing in the error, such as "repository". */
  constructor(what: string) {
    this.#what = what;
  }

  /** Aborts when calls under way are to come to an end; its reason is the error that they end with. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
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
    if (!this.#isOpen) throw this.#closed();
  }

  /** Refuses calls from now on and waits until those under way have ended, however they end. */
  async settle(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
  }

  /** The same, but calls that wait for something outside the store are told to stop. */
  async close(): Promise<void> {
    this.#stop.abort(this.#closed());
    await this.settle();
  }

  #closed(): RunledgerError {
    return new RunledgerError('CLOSED', `The ${this.#what} is closed.`, {
      hint: `Make the call before the ${this.#what} ends, or open a new one.`,
    });
  }
}
