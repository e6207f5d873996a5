/** How often the ledger is looked at for changes that other processes made. */
const POLL_MS = 200;
/** The same where the store tells of them. */
const LIVE_POLL_MS = 5_000;

/** Wakes those who follow the changes: at once for a write of this process, soon for any other. */
export class WakeUp {
  readonly #waiting = new Set<() => void>();
  #rings = 0;

  /** How often it has rung: who remembers it before he looks misses nothing that rings meanwhile. */
  get rings(): number {
    return this.#rings;
  }

  /** There may be something new. */
  ring(): void {
    this.#rings += 1;
    for (const wake of this.#waiting) wake();
  }

  /**
   * Resolves after the next `ring` since there were so many, after the polling interval, or when the
   * signal aborts. `isLive`: all that others do rings too, so that polling may be slow.
   */
  pause(rings: number, isLive: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (rings !== this.#rings || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, isLive ? LIVE_POLL_MS : POLL_MS);
      signal?.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}
