/** How long, in milliseconds, preparing the next piece may keep those under way waiting. */
export const LONGEST_BREATH_MS = 1;
/** Pieces that are under way while the next one is prepared. */
const MOST_UNDER_WAY = 2;

type Outcome<T> = { result: T } | { failure: unknown };

/**
 * Work in pieces that goes on side by side while the next piece is prepared. What came of each is noted
 * in the order in which they began; one that fails is the last, and nothing after it is noted.
 */
export class WorkUnderWay<T = void> {
  readonly #note: (result: T) => Promise<void>;
  #pieces: { ids: ReadonlySet<string>; outcome: Promise<Outcome<T>> }[] = [];

  constructor(note: (result: T) => Promise<void> = async () => {}) {
    this.#note = note;
  }

  /** Begins a piece about these runs when those before leave room for it. Rejects when one of them failed. */
  async begin(ids: readonly string[], work: () => Promise<T>): Promise<void> {
    // Of two equal runs the later one wins, so it waits for the earlier one.
    const isShared = this.#pieces.some((other) => ids.some((id) => other.ids.has(id)));
    await this.#wait(isShared ? 0 : MOST_UNDER_WAY - 1);
    this.#pieces.push({ ids: new Set(ids), outcome: outcomeOf(work) });
  }

  /** Waits for all of them. Rejects with the first failure. */
  end(): Promise<void> {
    return this.#wait(0);
  }

  async #wait(left: number): Promise<void> {
    while (this.#pieces.length > left) {
      const outcome = await this.#pieces.shift()?.outcome;
      if (outcome === undefined) return;
      try {
        if ('failure' in outcome) throw outcome.failure;
        await this.#note(outcome.result);
      } catch (failure) {
        // Nothing is told while others are still under way.
        await Promise.all(this.#pieces.splice(0).map((other) => other.outcome));
        throw failure;
      }
    }
  }
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { result: await work() };
  } catch (failure) {
    return { failure };
  }
}
