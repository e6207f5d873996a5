import { setImmediate } from 'node:timers/promises';
import type { FileItem } from '../../repository/file-items.ts';
import type { ImportedFile } from '../../repository/imported-file.ts';
import type { RunSource, SourceItem, SourceRange } from '../../repository/run-source.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { sameStore } from '../../repository/same-store.ts';
import { movedTarget } from '../../repository/transfer.ts';
import { WorkUnderWay } from '../../repository/work-under-way.ts';
import { type Batch, batches, idOf } from './batches.ts';
import type { CopyOptions, CopyProgress, CopyReport } from './copy-report.ts';
import { type Beginning, beginState, type CopyState, keepCopy } from './copy-state.ts';
import { FileCopies } from './file-copies.ts';
import { type ExpectedDigest, packDigests, sampleOf, unpackDigests } from './packed-digests.ts';
import { SetAsideNotes } from './set-aside-notes.ts';
import { type CopyVerdict, verifyCopy } from './verify-copy.ts';
import { type BatchResult, writeBatch } from './write-batch.ts';

interface WrittenBatch {
  batch: Batch;
  result: BatchResult;
}

/** A copy under way: what its passes over a source came to so far. See `copyRuns`. */
export class RunningCopy {
  readonly #source: RunSource;
  readonly #target: RunStore;
  readonly #options: CopyOptions;
  readonly #state: CopyState;
  readonly #notes: SetAsideNotes;
  readonly #conflicts: Set<string>;
  readonly #differences: Set<string>;
  /** Runs that a copy before this one left different. */
  #undecided: string[];
  /** Up to where a copy before this one got and did not verify it, until that is done. */
  #earlier: string | null;
  /** What was written and is not verified yet. */
  #expected: Uint8Array[] = [];
  #total: number | null = null;
  /** Whether it begins anew although it should go on: its source does not know the place any more. */
  readonly hasForgotten: boolean;

  private constructor(
    source: RunSource,
    target: RunStore,
    options: CopyOptions,
    { state, hasForgotten }: Beginning,
    notes: SetAsideNotes,
  ) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#state = state;
    this.#notes = notes;
    this.hasForgotten = hasForgotten;
    this.#earlier = state.verifiedMark === state.mark ? null : state.mark;
    this.#undecided = [...new Set([...state.report.conflicts, ...state.report.differences])];
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
    if (await source.isStore?.(target)) throw sameStore(source.origin, target.location);
    const movedTo = await target.movedTo();
    if (movedTo !== null) throw movedTarget(movedTo);
    const beginning = await beginState(source, target, follows);
    const notes = await SetAsideNotes.of(source.origin, target, beginning.setAsideBefore);
    const copy = new RunningCopy(source, target, options, beginning, notes);
    if (options.onProgress !== undefined) copy.#total = await source.count();
    copy.#tell('copy', copy.#state.done, copy.#total);
    return copy;
  }

  /** What came of it so far. */
  get report(): CopyReport {
    return this.#state.report;
  }

  /** Copies what comes after the last mark, and makes it safe. Gives how many items that were. */
  async pass({ withSetAside = true }: Pick<SourceRange, 'withSetAside'> = {}): Promise<number> {
    await this.#decideAgain();
    const { mark, done } = this.#state;
    const filesBefore = this.report.files;
    // A file that is copied again is looked at again.
    if (withSetAside) this.report.fileDifferences = [];
    if (withSetAside) this.#notes.beginPass();
    const files = withSetAside ? await FileCopies.of(this.#target, this.#options.onConflict) : null;
    const range = {
      withSetAside,
      ...(mark !== null && { after: mark }),
      ...(files && { files: (file: ImportedFile) => files.isWanted(file) }),
    };
    const writes = new WorkUnderWay<WrittenBatch>((written) => this.#note(written));
    try {
      const items = this.#withoutFiles(this.#source.items(range), files);
      for await (const batch of batches(this.#source.origin, items)) {
        await setImmediate();
        this.#options.signal?.throwIfAborted();
        await writes.begin(batch.changes.map(idOf), () => this.#write(batch));
      }
    } finally {
      await writes.end();
    }
    this.#options.signal?.throwIfAborted();
    this.report.fileDifferences = [...this.report.fileDifferences, ...(files?.apart ?? [])].sort();
    const items = this.#state.done - done;
    if (items > 0 || this.report.files > filesBefore) await this.#target.flush();
    await this.#notes.release(this.#target);
    return items;
  }

  /** Copies files that runs were imported from as they come, and hands on the rest. */
  async *#withoutFiles(
    items: AsyncIterable<SourceItem>,
    files: FileCopies | null,
  ): AsyncGenerator<Exclude<SourceItem, FileItem>> {
    for await (const item of items) {
      if (item.kind !== 'file') yield item;
      else if (files !== null) {
        this.#options.signal?.throwIfAborted();
        const readsBack = this.#verification !== 'none';
        const { report } = this;
        const different = await files.write(item, readsBack);
        report.fileDifferences = [...report.fileDifferences, ...different].sort();
        if (item.isWhole && different.length === 0) report.files += 1;
      }
    }
  }

  /** Reads back what was written and not read back yet; at first also what an earlier copy wrote. */
  async verify(): Promise<void> {
    await this.#verifyWritten();
    if (this.#verification !== 'full') return;
    if (this.#earlier !== null) await this.#verifyEarlier(this.#earlier);
    if (this.#state.verifiedMark === this.#state.mark) return;
    this.#state.verifiedMark = this.#state.mark;
    await this.#keep();
  }

  /** Compares every run of the source, where nobody changes anything now, with the target. */
  async proveWhole(): Promise<void> {
    if (this.#state.mark === null) return;
    this.report.verified = 0;
    const total = await this.#source.count();
    this.#addDifferences(await this.#compareUntil(this.#state.mark, total));
  }

  /** Takes out of the target's quarantine what the source does not set aside any more. */
  async releaseGone(): Promise<void> {
    await this.#notes.releaseGone(this.#target);
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

  /** What a copy before this one left different is tried again: it may be decided now. */
  async #decideAgain(): Promise<void> {
    const ids = this.#undecided;
    this.#undecided = [];
    if (ids.length === 0 || this.#source.only === undefined) return;
    for await (const batch of batches(this.#source.origin, withoutFiles(this.#source.only(ids)))) {
      await this.#copy(batch);
    }
  }

  async #copy(batch: Batch): Promise<void> {
    await this.#note(await this.#write(batch));
  }

  async #write(batch: Batch): Promise<WrittenBatch> {
    const { onConflict } = this.#options;
    return {
      batch,
      result: await writeBatch(this.#source, this.#target, batch.changes, onConflict),
    };
  }

  /** Counts what came of a batch, and keeps that all up to its mark is done. */
  async #note({ batch, result }: WrittenBatch): Promise<void> {
    const { changes, setAside, size, mark } = batch;
    const { report } = this.#state;
    // First what may fail: a batch that is noted again is not counted twice.
    if (setAside.length > 0) await this.#target.quarantine(setAside);
    this.#notes.add({ changes, setAside });
    if (mark !== null) await this.#notes.release(this.#target);
    report.read += result.read;
    report.written += result.written;
    report.unchanged += result.unchanged;
    report.deleted += result.deleted;
    for (const change of changes) {
      // Whatever was found of it before, it was decided anew.
      const id = idOf(change);
      this.#conflicts.delete(id);
      this.#differences.delete(id);
    }
    for (const id of result.conflicts) this.#conflicts.add(id);
    for (const id of result.differences) this.#differences.add(id);
    if (this.#verification !== 'none') {
      const isFull = this.#verification === 'full';
      this.#expected.push(packDigests(isFull ? result.expected : sampleOf(result.expected)));
    }
    this.#state.done += size;
    if (mark !== null) {
      this.#state.mark = mark;
      await this.#keep();
    }
    this.#tell('copy', this.#state.done, this.#total);
  }

  async #verifyWritten(): Promise<void> {
    const { differences } = await this.#compare(this.#expected.values().map(unpackDigests));
    // Only now: what could not be read back is not verified.
    this.#expected = [];
    this.#addDifferences(differences);
  }

  async #verifyEarlier(until: string): Promise<void> {
    const suspects = await this.#compareUntil(until, this.#total);
    this.#earlier = null;
    if (suspects.length === 0) return;
    // What was changed in the source meanwhile is no difference: it comes with a further pass, or, of a
    // transaction that its ledger may not tell of yet, with the next copy.
    await this.pass({ withSetAside: false });
    const { mark } = this.#state;
    const came = new Set(this.#expected.flatMap(unpackDigests).map(([id]) => id));
    const coming = mark === null ? undefined : await this.#source.changedSince?.(mark);
    await this.#verifyWritten();
    this.#addDifferences(suspects.filter((id) => !came.has(id) && !coming?.has(id)));
  }

  /** Gives the ids of runs before a mark that are not in the target as the source has them now. */
  async #compareUntil(until: string, total: number | null): Promise<string[]> {
    const { differences } = await this.#compare(digestsUntil(this.#source, until), total);
    const isDecided = this.#options.onConflict === 'target' ? this.#conflicts : new Set();
    return differences.filter((id) => !isDecided.has(id));
  }

  async #compare(
    entries: Parameters<typeof verifyCopy>[1],
    total: number | null = this.report.read,
  ): Promise<CopyVerdict> {
    const { report } = this.#state;
    const verdict = await verifyCopy(this.#target, entries, (done) => {
      this.#options.signal?.throwIfAborted();
      this.#tell('verify', done, total);
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

/** Where files are not asked for, none are given. */
async function* withoutFiles(
  items: AsyncIterable<SourceItem>,
): AsyncGenerator<Exclude<SourceItem, FileItem>> {
  for await (const item of items) if (item.kind !== 'file') yield item;
}

async function* digestsUntil(source: RunSource, until: string): AsyncGenerator<ExpectedDigest[]> {
  for await (const { changes } of batches(source.origin, withoutFiles(source.items({ until })))) {
    yield changes.map((one) => [idOf(one), one.kind === 'run' ? one.digest : null]);
  }
}
