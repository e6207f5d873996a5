import { setImmediate } from 'node:timers/promises';
import type { RunSource, SourceRange } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { type Batch, batches } from './batches.ts';
import type { CopyOptions, CopyProgress, CopyReport } from './copy-report.ts';
import { beginState, type CopyState, keepCopy } from './copy-state.ts';
import { type ExpectedDigest, packDigests, sampleOf, unpackDigests } from './packed-digests.ts';
import { SetAsideNotes } from './set-aside-notes.ts';
import { type CopyVerdict, verifyCopy } from './verify-copy.ts';
import { writeBatch } from './write-batch.ts';

/** A copy under way: what its passes over a source came to so far. See `copyRuns`. */
export class RunningCopy {
  readonly #source: RunSource;
  readonly #target: RunStore;
  readonly #options: CopyOptions;
  readonly #state: CopyState;
  readonly #notes: SetAsideNotes;
  readonly #conflicts: Set<string>;
  readonly #differences: Set<string>;
  /** Up to where a copy before this one got that ended early, until that is verified. */
  #earlier: string | null;
  /** What was written and is not verified yet. */
  #expected: Uint8Array[] = [];
  #total: number | null = null;

  private constructor(
    source: RunSource,
    target: RunStore,
    options: CopyOptions,
    { state, notes }: { state: CopyState; notes: SetAsideNotes },
  ) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#state = state;
    this.#notes = notes;
    this.#earlier = state.finishedAt === null ? state.mark : null;
    this.#conflicts = new Set(state.report.conflicts);
    this.#differences = new Set(state.report.differences);
  }

  /**
   * Begins a copy, or goes on with one from the same origin that did not finish; `follows`: also with one
   * that did, for a target that follows its source.
   */
  static async begin(
    source: RunSource,
    target: RunStore,
    options: CopyOptions,
    { follows = false }: { follows?: boolean } = {},
  ): Promise<RunningCopy> {
    const state = await beginState(source, target, follows);
    const notes = await SetAsideNotes.of(source.origin, target);
    const copy = new RunningCopy(source, target, options, { state, notes });
    if (options.onProgress !== undefined) copy.#total = await source.count();
    copy.#tell('copy', state.done, copy.#total);
    return copy;
  }

  /** What came of it so far. */
  get report(): CopyReport {
    return this.#state.report;
  }

  /** All that the source gave before this is copied; null where it gave none yet. */
  get mark(): string | null {
    return this.#state.mark;
  }

  /** Copies what comes after the last mark, and makes it safe. Gives how many items that were. */
  async pass({ withSetAside = true }: Pick<SourceRange, 'withSetAside'> = {}): Promise<number> {
    const { mark, done } = this.#state;
    const range = { withSetAside, ...(mark !== null && { after: mark }) };
    for await (const batch of batches(this.#source.origin, this.#source.items(range))) {
      await setImmediate();
      this.#options.signal?.throwIfAborted();
      await this.#copy(batch);
    }
    this.#options.signal?.throwIfAborted();
    const items = this.#state.done - done;
    if (items > 0) await this.#target.flush();
    await this.#notes.release(this.#target);
    return items;
  }

  /** Reads back what was written and not read back yet; at first also what an earlier copy wrote. */
  async verify(): Promise<void> {
    await this.#verifyWritten();
    const [earlier, isFull] = [this.#earlier, this.#verification === 'full'];
    this.#earlier = null;
    if (earlier === null || !isFull) return;
    const suspects = await this.#compareUntil(earlier);
    if (suspects.length === 0) return;
    // What was changed in the source meanwhile is no difference: it comes with a further pass.
    await this.pass({ withSetAside: false });
    const came = new Set(this.#expected.flatMap(unpackDigests).map(([id]) => id));
    await this.#verifyWritten();
    this.#addDifferences(suspects.filter((id) => !came.has(id)));
  }

  /** Compares every run of the source, where nobody changes anything now, with the target. */
  async proveWhole(): Promise<void> {
    if (this.mark === null) return;
    this.report.verified = 0;
    this.#addDifferences(await this.#compareUntil(this.mark));
  }

  /** Keeps in the target what came of it, and gives it. */
  async finish(): Promise<CopyReport> {
    this.#state.finishedAt = new Date().toISOString();
    await this.#keep();
    return this.report;
  }

  get #verification() {
    return this.#options.verify ?? 'full';
  }

  async #copy({ changes, setAside, size, mark }: Batch): Promise<void> {
    const { report } = this.#state;
    const result = await writeBatch(this.#source, this.#target, changes, this.#options.onConflict);
    report.read += result.read;
    report.written += result.written;
    report.unchanged += result.unchanged;
    for (const [id] of result.expected) {
      // Whatever it was before, the two sides agree on it now.
      this.#conflicts.delete(id);
      this.#differences.delete(id);
    }
    for (const id of result.conflicts) this.#conflicts.add(id);
    for (const id of result.differences) this.#differences.add(id);
    if (this.#verification !== 'none') {
      const isFull = this.#verification === 'full';
      this.#expected.push(packDigests(isFull ? result.expected : sampleOf(result.expected)));
    }
    if (setAside.length > 0) await this.#target.quarantine(setAside);
    this.#notes.add({ changes, setAside });
    this.#state.done += size;
    if (mark !== null) {
      this.#state.mark = mark;
      await this.#keep();
    }
    this.#tell('copy', this.#state.done, this.#total);
  }

  async #verifyWritten(): Promise<void> {
    const expected = this.#expected;
    this.#expected = [];
    this.#addDifferences((await this.#compare(expected.values().map(unpackDigests))).differences);
  }

  /** Gives the ids of runs before a mark that are not in the target as the source has them now. */
  async #compareUntil(until: string): Promise<string[]> {
    const { differences } = await this.#compare(digestsUntil(this.#source, until));
    const isDecided = this.#options.onConflict === 'target' ? this.#conflicts : new Set();
    return differences.filter((id) => !isDecided.has(id));
  }

  async #compare(entries: Parameters<typeof verifyCopy>[1]): Promise<CopyVerdict> {
    const { report } = this.#state;
    const verdict = await verifyCopy(this.#target, entries, (done) => {
      this.#options.signal?.throwIfAborted();
      this.#tell('verify', done, report.read);
    });
    report.verified += verdict.verified;
    return verdict;
  }

  #addDifferences(ids: readonly string[]): void {
    for (const id of ids) this.#differences.add(id);
  }

  async #keep(): Promise<void> {
    const { report } = this.#state;
    report.setAside = this.#notes.report;
    report.conflicts = [...this.#conflicts].sort();
    report.differences = [...this.#differences].sort();
    await keepCopy(this.#target, this.#source.origin, this.#state);
  }

  #tell(phase: CopyProgress['phase'], done: number, total: number | null): void {
    this.#options.onProgress?.({ phase, done, total });
  }
}

async function* digestsUntil(source: RunSource, until: string): AsyncGenerator<ExpectedDigest[]> {
  for await (const { changes } of batches(source.origin, source.items({ until }))) {
    yield changes.map((one) =>
      one.kind === 'run' ? ([one.run.id, one.digest] as const) : ([one.id, null] as const),
    );
  }
}
