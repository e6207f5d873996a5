import { unknownPosition } from '../../repository/position.ts';
import type { HistoryEntry } from '../../repository/run-store.ts';

/** The ledger of a memory store. The place of a change is its number, counted from 1. */
export class MemoryLedger {
  /** The changes that are there, oldest first. */
  entries: HistoryEntry[] = [];
  /** The place up to which it is forgotten. Of the transaction there, some changes may be left. */
  tail = 0;
  /** How many changes are gone. */
  #gone = 0;

  fork(): MemoryLedger {
    const fork = new MemoryLedger();
    fork.entries = [...this.entries];
    fork.tail = this.tail;
    fork.#gone = this.#gone;
    return fork;
  }

  /** The place of the newest change; 0 where there never was one. */
  get newest(): number {
    return this.#gone + this.entries.length;
  }

  /** The changes after a place. Throws POSITION_UNKNOWN for one beyond the newest, or before the tail. */
  after(place: number): HistoryEntry[] {
    if (place >= this.tail && place <= this.newest) return this.entries.slice(place - this.#gone);
    throw unknownPosition();
  }

  /** The change at a place; undefined at the tail. Throws as `after` does. */
  at(place: number): HistoryEntry | undefined {
    this.after(place);
    return place === this.tail ? undefined : this.entries[place - this.#gone - 1];
  }

  /** See `RunStore.trimLedger`. */
  trim(before: string, limit: number): number {
    const most = Math.min(limit, this.entries.length - 1);
    const young = this.entries.findIndex(({ at }) => at >= before);
    const count = young === -1 ? most : Math.min(most, young);
    const last = this.entries[count - 1];
    if (last === undefined) return 0;
    const end = this.entries.findLastIndex(({ transaction }) => transaction === last.transaction);
    if ((this.entries[end]?.at ?? '') >= before) return 0;
    this.tail = Math.max(this.tail, this.#gone + end + 1);
    this.entries = this.entries.slice(count);
    this.#gone += count;
    return count;
  }
}
