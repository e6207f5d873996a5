import type { QuarantineItem, RunStore } from '../../repository/run-store.ts';
import type { Batch } from './batches.ts';
import type { CopyReport } from './copy-report.ts';

type SetAsidePlace = Pick<QuarantineItem, 'origin' | 'name'>;

/** What could not be read as a run, over all batches of a copy: what an item was last is what counts. */
export class SetAsideNotes {
  readonly #origin: string;
  /**
   * What the target keeps in its quarantine of this source, by what it is called: also what the source
   * itself keeps of others, where it came from here and from nowhere else, as far as is known.
   */
  readonly #kept = new Map<string, SetAsidePlace>();
  /** Those of them that were now read as a run. */
  readonly #readable = new Set<string>();
  readonly #reasons = new Map<string, string>();
  /** What was set aside in the pass under way. */
  readonly #seen = new Set<string>();

  private constructor(origin: string) {
    this.#origin = origin;
  }

  /** `before`: what the copy before from the same origin told. */
  static async of(
    origin: string,
    target: RunStore,
    before: CopyReport['setAside'],
  ): Promise<SetAsideNotes> {
    const notes = new SetAsideNotes(origin);
    const told = new Set(before.map(({ source }) => source));
    for (const item of await target.quarantined(undefined, { withBytes: false })) {
      const called = notes.#nameOf(item);
      if (item.origin === origin || told.has(called)) notes.#kept.set(called, item);
    }
    return notes;
  }

  /** What an item is called in reports. */
  #nameOf({ origin, name }: SetAsidePlace): string {
    return origin === this.#origin ? name : `${origin} ${name}`;
  }

  /** What is put aside, by its name in the source, and why. */
  get report(): CopyReport['setAside'] {
    return Array.from(this.#reasons, ([name, reason]) => ({ source: name, reason }));
  }

  /** A pass begins that gives everything that is set aside. */
  beginPass(): void {
    this.#seen.clear();
  }

  add({ changes, setAside }: Pick<Batch, 'changes' | 'setAside'>): void {
    for (const change of changes) {
      if (change.kind !== 'run') continue;
      // A store names no files; what it reads as a run now had the run's name where it could not be read.
      for (const name of [change.name, `${change.run.id}.json`]) {
        if (!this.#kept.has(name)) continue;
        this.#readable.add(name);
        this.#reasons.delete(name);
      }
    }
    for (const { origin, name, reason } of setAside) {
      const called = this.#nameOf({ origin, name });
      this.#seen.add(called);
      this.#kept.set(called, { origin, name });
      this.#readable.delete(called);
      this.#reasons.set(called, reason);
    }
  }

  /** Forgets in the target what could be read in the meantime. */
  async release(target: RunStore): Promise<void> {
    if (this.#readable.size === 0) return;
    await target.releaseQuarantined(this.#origin, [...this.#readable]);
    for (const name of this.#readable) this.#kept.delete(name);
    this.#readable.clear();
  }

  /** Forgets what the source set aside before, and not in the last pass: it is gone there. */
  async releaseGone(target: RunStore): Promise<void> {
    const gone = [...this.#kept].filter(([called]) => !this.#seen.has(called));
    for (const [origin, items] of Map.groupBy(gone, ([, place]) => place.origin)) {
      const names = items.map(([, { name }]) => name);
      await target.releaseQuarantined(origin, names);
    }
    for (const [called] of gone) {
      this.#kept.delete(called);
      this.#reasons.delete(called);
    }
  }
}
