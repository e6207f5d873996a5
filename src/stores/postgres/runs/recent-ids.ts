/** So many ids are remembered. */
const MOST_IDS = 10_000;

/**
 * The runs that were written last. A run that is saved for the first time is inserted at once; one that
 * is known to be stored is read first, which spares a try that would fail.
 */
export class RecentIds {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size <= MOST_IDS) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
