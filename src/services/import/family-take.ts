import type { AgentRun, RunStatus } from '../../domain/run.ts';
import type { QuarantineItem } from '../../repository/run-store.ts';
import { unpackDigests } from '../copy/packed-digests.ts';
import type { OpenFamily, Taking } from './family-reading.ts';
import { factsOf, type RunFacts } from './import-tally.ts';
import type { KnownFiles } from './known-files.ts';
import type { RunWriter } from './run-writer.ts';

/** What is held of a run that was handed on. */
export interface GivenRun {
  id: string;
  digest: string;
  /** The file that it counts for. */
  path: string;
  facts: RunFacts;
  status: RunStatus;
}

/** What a family of files gives, and what it gave before. */
export class FamilyTake implements Taking {
  readonly #writer: RunWriter;
  readonly #onRead: (bytes: number) => void;
  /** Runs that this family gave before: each with its digest then. */
  readonly #before = new Map<string, string>();
  /** Runs of files that cannot be read any more: they stay as they are. */
  readonly #kept = new Set<string>();
  /** What was handed on by readings that turned out not to count, and in this one. */
  readonly #handedOn: Map<string, string>;
  /** Reasons by name of what was set aside, by path. */
  readonly setAsideIn = new Map<string, Map<string, string>>();
  readonly #runs = new Map<string, GivenRun>();

  constructor(
    family: OpenFamily,
    known: KnownFiles,
    writer: RunWriter,
    handedOn: Map<string, string>,
    onRead: (bytes: number) => void,
  ) {
    this.#writer = writer;
    this.#handedOn = handedOn;
    this.#onRead = onRead;
    for (const path of family.paths) {
      for (const { runs } of known.all(path)) {
        for (const [id, digest] of unpackDigests(runs)) this.#before.set(id, digest ?? '');
      }
    }
    for (const { runs } of family.lost) {
      for (const [id] of unpackDigests(runs)) this.#kept.add(id);
    }
  }

  async run(run: AgentRun, digest: string): Promise<void> {
    const { id, source, status } = run;
    if (this.#kept.has(id)) return;
    this.#runs.set(id, { id, digest, path: source?.location ?? '', facts: factsOf(run), status });
    this.#handedOn.set(id, digest);
    await this.#writer.put(run, digest, this.#before.get(id));
  }

  async setAside(item: QuarantineItem): Promise<void> {
    const reasons = this.setAsideIn.get(item.origin) ?? new Map<string, string>();
    this.setAsideIn.set(item.origin, reasons.set(item.name, item.reason));
    await this.#writer.setAside(item);
  }

  read(bytes: number): void {
    this.#onRead(bytes);
  }

  /** What it gave, by the file that each run counts for. */
  runsByFile(): Map<string, GivenRun[]> {
    return Map.groupBy(this.#runs.values(), ({ path }) => path);
  }

  /** Whether a run that was given before is not given any more. */
  isLost(id: string): boolean {
    return !this.#runs.has(id) && !this.#kept.has(id);
  }

  /** Takes out of the store what this family gave before and does not give any more; all of it was read. */
  removeGone(): void {
    for (const [id, digest] of [...this.#before, ...this.#handedOn]) {
      if (this.isLost(id)) this.#writer.gone(id, digest);
    }
  }
}
