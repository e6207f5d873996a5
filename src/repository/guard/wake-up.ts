/** How often the ledger is looked at for changes that other processes made. */
const POLL_MS = 200;

/** Wakes those who follow the changes: at once for a write of this process, soon for any other. */
export class WakeUp {
  readonly #waiting = new Set<() => void>();

  /** There may be something new. */
  ring(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves after the next `ring`, after the polling interval, or when the signal aborts. */
  pause(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      signal?.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}
