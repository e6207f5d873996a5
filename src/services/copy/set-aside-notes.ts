import type { QuarantineItem, RunStore } from '../../repository/run-store.ts';
import type { Batch } from './batches.ts';
import type { CopyReport } from './copy-report.ts';

/** What could not be read as a run, over all batches of a copy: what an item was last is what counts. */
export class SetAsideNotes {
  readonly #origin: string;
  /** Names of this origin that the target keeps in its quarantine. */
  readonly #kept: Set<string>;
  /** Those of them that were now read as a run. */
  readonly #readable = new Set<string>();
  readonly #reasons = new Map<string, string>();
  /** Names of this origin that were set aside in the pass under way. */
  readonly #seen = new Set<string>();

  private constructor(origin: string, kept: readonly QuarantineItem[]) {
    this.#origin = origin;
    this.#kept = new Set(kept.map(({ name }) => name));
  }

  static async of(origin: string, target: RunStore): Promise<SetAsideNotes> {
    return new SetAsideNotes(origin, await target.quarantined(origin, { withBytes: false }));
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
      const isOwn = origin === this.#origin;
      if (isOwn) {
        this.#seen.add(name);
        this.#kept.add(name);
        this.#readable.delete(name);
      }
      this.#reasons.set(isOwn ? name : `${origin} ${name}`, reason);
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
    const gone = [...this.#kept].filter((name) => !this.#seen.has(name));
    if (gone.length === 0) return;
    await target.releaseQuarantined(this.#origin, gone);
    for (const name of gone) {
      this.#kept.delete(name);
      this.#reasons.delete(name);
    }
  }
}
