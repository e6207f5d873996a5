import { isUnique } from './event.ts';

/** The ids of events that were read, so that what stands in several files counts once. */
export class EventIds {
  readonly #before = new Set<string>();
  /** How often each stands in this file. */
  #here = new Map<string, number>();

  /** Whether an event was read before. A short id tells nothing of others in its own file. */
  isCopy(id: string | undefined): boolean {
    if (id === undefined) return false;
    const times = this.#here.get(id) ?? 0;
    this.#here.set(id, times + 1);
    return this.#before.has(id) || (times > 0 && isUnique(id));
  }

  /** A short id that stands for several events of a file is a stand-in, and tells nothing. */
  endFile(): void {
    for (const [id, times] of this.#here) if (times === 1 || isUnique(id)) this.#before.add(id);
    this.#here = new Map();
  }
}
