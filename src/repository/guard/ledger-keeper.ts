import { pause } from '../pause.ts';
import type { RunStore } from '../run-store.ts';
import { callStore } from './store-failure.ts';
import { warn } from './warn.ts';

/** How often it looks whether there is something to forget. */
const LOOK_EVERY_MS = 3_600_000;
/** How many changes go at once, and how many the search index takes in for it: a save waits no longer. */
const PIECE = 200;
const SEARCH_PIECE = 50;
/** What others have for themselves between two pieces. */
const PAUSE_MS = 20;

/**
 * Forgets what a ledger holds for longer than it is kept, in small pieces beside ordinary work: after a
 * write, at most once an hour. A process that ends at once after its write still does one piece, so that
 * the ledger does not grow where every process makes a single write.
 */
export class LedgerKeeper {
  readonly #store: RunStore;
  readonly #keepMs: number;
  readonly #now: () => number;
  readonly #stopped = new AbortController();
  #next = Number.NEGATIVE_INFINITY;
  #work: Promise<void> = Promise.resolve();

  /** `keepMs` is for how long changes are kept, `now` the clock, both in milliseconds. */
  constructor(store: RunStore, keepMs: number, now: () => number) {
    this.#store = store;
    this.#keepMs = keepMs;
    this.#now = now;
  }

  /** To be called after a write. It waits for nothing, and what fails is a warning. */
  noteWrite(): void {
    const now = this.#now();
    if (this.#stopped.signal.aborted || now < this.#next) return;
    this.#next = now + LOOK_EVERY_MS;
    const before = new Date(now - this.#keepMs).toISOString();
    this.#work = this.#work
      .then(() => callStore(() => this.#forget(before)))
      .catch((error) => warn(`The ledger of ${this.#store.location} could not be trimmed`, error));
  }

  /** Ends it after the piece under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#work;
  }

  async #forget(before: string): Promise<void> {
    const isDue = async () => ((await this.#store.changes(null, 1))[0]?.at ?? before) < before;
    while (await isDue()) {
      const hasIndexed = await this.#index();
      const forgotten = await this.#store.trimLedger(before, PIECE);
      if (forgotten === 0 && !hasIndexed) return;
      await this.#pause();
      if (this.#stopped.signal.aborted) return;
    }
  }

  /**
   * Ends early when it is stopped. A process that has nothing else to do need not stay for it; one that waits
   * for `stop` would end in the middle of that, if the timer alone could end the pause.
   */
  async #pause(): Promise<void> {
    await pause(PAUSE_MS, [this.#stopped.signal], { ref: false });
  }

  /** What the search index has not seen is not forgotten. Whether it saw more of it. */
  async #index(): Promise<boolean> {
    const unseen = await this.#store.catchUpSearch(0);
    return unseen > 0 && (await this.#store.catchUpSearch(SEARCH_PIECE)) < unseen;
  }
}
