/**
 * Codex writes most things twice: as an item of the conversation, and as an event for who looks on. Each
 * counts once, in whichever form it comes first, and as often as one of the two has it.
 */
export class OnceOfTwo {
  readonly #seen = new Map<string, { item: number; event: number; taken: number }>();

  /** Whether this one is to be taken. */
  isNew(form: 'item' | 'event', text: string): boolean {
    const seen = this.#seen.get(text) ?? { item: 0, event: 0, taken: 0 };
    seen[form] += 1;
    this.#seen.set(text, seen);
    if (seen[form] <= seen.taken) return false;
    seen.taken += 1;
    return true;
  }
}
