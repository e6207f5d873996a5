import { join } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { WriteOptions } from '../../repository/run-store.ts';
import { moved } from '../../repository/transfer.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
import {
  type WriteOperation,
  type WriteOutcome,
  wouldChange,
} from '../../repository/write-operation.ts';
import { readFence } from '../sqlite/fence.ts';
import { readRuns } from '../sqlite/read-runs.ts';
import type { SqliteTransaction } from '../sqlite/sqlite-transaction.ts';
import { removeQuietly, writeDurably } from './durable-file.ts';
import { type FileBefore, standingOf } from './file-standing.ts';
import { readFilesOfRuns } from './file-table.ts';
import { finishIntents, type Unplaced } from './finish-intents.ts';
import { unwritableFolder } from './folder-error.ts';
import { WAIT_MS } from './folder-lock.ts';
import { otherRunFileName, temporaryName } from './folder-names.ts';
import type { FolderParts } from './folder-parts.ts';
import { inParallel } from './in-parallel.ts';
import { type FileIntent, putIntent } from './intent-table.ts';
import { locateFiles } from './locate-files.ts';
import { lookAtFile } from './look-at-file.ts';
import { readRunFile } from './read-run-file.ts';
import { runText } from './run-text.ts';
import { takeIn } from './take-in.ts';

/**
 * What a transaction changes in a folder. While it is under way its writes are in the index alone. To
 * commit, its files are written under other names, the index commits with the list of what is still to
 * be put in place, which decides it, and the files get their names.
 */
export class FolderChanges {
  readonly #folder: FolderParts;
  readonly #index: SqliteTransaction;
  readonly #unplaced: readonly Unplaced[];
  /** One call after the other: what one takes in from a file must not come over what another wrote. */
  readonly #calls = new TurnQueue();
  /** The runs that it read or wrote, each with its file as it was by then. */
  readonly #before = new Map<string, FileBefore>();
  /** Names for runs whose own name another run's file has. */
  readonly #otherNames = new Map<string, string>();
  /** The ids of the runs that it changes. */
  readonly #changed = new Set<string>();

  /** `unplaced`: what was decided before and is not in its place. */
  constructor(folder: FolderParts, index: SqliteTransaction, unplaced: readonly Unplaced[]) {
    this.#folder = folder;
    this.#index = index;
    this.#unplaced = unplaced;
  }

  /** Writes to runs as their files are now, whatever the index knew of them. */
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<WriteOutcome[]> {
    return this.#calls.run(WAIT_MS, () => this.#write(operations, options));
  }

  /**
   * Makes the index tell of these runs what their files hold, the first time that they are asked for:
   * what becomes of the files after that is a conflict.
   */
  bringUpToDate(ids: readonly string[]): Promise<void> {
    return this.#calls.run(WAIT_MS, () => this.#bringUpToDate(ids));
  }

  async #write(
    operations: readonly WriteOperation[],
    options: WriteOptions,
  ): Promise<WriteOutcome[]> {
    const ids = operations.map((one) => (one.kind === 'put' ? one.run.id : one.id));
    this.#refuseUnplaced(ids);
    await this.#bringUpToDate(ids);
    await this.#refuseMoved(operations, ids);
    const outcomes = await this.#index.write(operations, options);
    const isUndone = options.atomic && outcomes.some(({ result }) => result === 'conflict');
    if (isUndone) return outcomes;
    for (const { id, result } of outcomes) {
      // What is stored already and has no file that could be read gets one.
      const isWithoutFile = result === 'unchanged' && this.#before.get(id)?.was === null;
      if (CHANGES.has(result) || isWithoutFile) this.#changed.add(id);
    }
    return outcomes;
  }

  async #bringUpToDate(ids: readonly string[]): Promise<void> {
    const unseen = [...new Set(ids)].filter((id) => !this.#before.has(id));
    if (unseen.length === 0) return;
    const seen = new Map<string, number | null>();
    // What is found in one file can mean that another one is the file of a run.
    for (;;) {
      const files = await this.#index.within((db) =>
        locateFiles(db, unseen, (id) => this.#otherNameOf(id)),
      );
      const anew = files.map(({ name }) => name).filter((name) => !seen.has(name));
      if (anew.length === 0) {
        for (const file of files) {
          this.#before.set(file.runId, { ...file, seen: seen.get(file.name) ?? null });
        }
        return;
      }
      const before = this.#before.values();
      const looks = await takeIn(this.#folder, anew, this.#index.within, { before });
      for (const { name, signature } of looks) seen.set(name, signature);
    }
  }

  /** Makes it all take effect. When this rejects before the index has committed, nothing has. */
  async commit(): Promise<void> {
    const prepared: FileIntent[] = [];
    let intents: FileIntent[] = [];
    try {
      await inParallel([...this.#changed], (id) => this.#prepare(id, prepared));
      intents = prepared.map((intent) => this.#asItIsNow(intent));
      await this.#index.within((db) => {
        for (const intent of intents) putIntent(db, intent);
      });
      await this.#index.commit();
    } catch (error) {
      await this.#index.rollback();
      this.#removeTemporary(prepared);
      throw error;
    }
    if (intents.length === 0) return;
    let unplaced: Unplaced | undefined;
    try {
      [unplaced] = await finishIntents(this.#folder, intents);
    } catch (error) {
      throw decided(unwritableFolder(this.#folder.path, error));
    }
    if (unplaced !== undefined) throw notInPlace(this.#folder.path, unplaced);
  }

  /** One name for each run, however often it is asked for. */
  #otherNameOf(id: string): string {
    const name = this.#otherNames.get(id) ?? otherRunFileName(id);
    this.#otherNames.set(id, name);
    return name;
  }

  /** Before anything is written: the index itself takes in what others change in the folder all the same. */
  async #refuseMoved(operations: readonly WriteOperation[], ids: readonly string[]): Promise<void> {
    const movedTo = await this.#index.within(readFence);
    if (movedTo === null) return;
    const heads = await this.#index.heads(ids);
    if (wouldChange(operations, (id) => heads.get(id) ?? null)) throw moved(movedTo);
  }

  #refuseUnplaced(ids: readonly string[]): void {
    const concerned = new Set(ids);
    const unplaced = this.#unplaced.find(({ intent }) => concerned.has(intent.runId));
    if (unplaced !== undefined) throw notInPlace(this.#folder.path, unplaced);
  }

  /** Writes what is to become the file of a run, and notes what is to be done with it. */
  async #prepare(runId: string, prepared: FileIntent[]): Promise<void> {
    const { path, calls } = this.#folder;
    const before = this.#before.get(runId);
    if (before === undefined) return;
    const run = (await this.#index.within((db) => readRuns(db, [runId]))).get(runId);
    if (run === undefined) {
      if (before.seen !== null) prepared.push({ ...before, temporary: null });
      prepared.push(...(await this.#othersOf(before)));
      return;
    }
    const temporary = temporaryName(runId);
    await writeDurably(calls, path, { temporary, replaces: before.name, text: runText(run) });
    prepared.push({ ...before, temporary });
  }

  /** What else holds a run that goes: a copy that did not count would count from then on. */
  async #othersOf({ runId, name }: FileBefore): Promise<FileIntent[]> {
    const files = await this.#index.within((db) => readFilesOfRuns(db, [runId]));
    return files.flatMap(({ name: other }) => {
      const { path } = this.#folder;
      const { signature: seen } = lookAtFile(path, other);
      if (other === name || seen === null) return [];
      const file = readRunFile(path, other);
      // Somebody made it the file of another run since it was seen last.
      if (file.kind === 'run' && file.run.id !== runId) return [];
      const was = file.kind === 'run' ? file.digest : null;
      return [{ runId, name: other, temporary: null, seen, was }];
    });
  }

  /** The last look before it is decided. */
  #asItIsNow(intent: FileIntent): FileIntent {
    const { standing, signature } = standingOf(this.#folder.path, intent);
    const isAsBefore = standing === 'before' || (standing === 'gone' && intent.seen === null);
    if (!isAsBefore) throw changedMeanwhile(intent);
    return { ...intent, seen: signature };
  }

  #removeTemporary(intents: readonly FileIntent[]): void {
    const { path, calls } = this.#folder;
    for (const { temporary } of intents) {
      if (temporary !== null) removeQuietly(calls, join(path, temporary));
    }
  }
}

const CHANGES: ReadonlySet<WriteOutcome['result']> = new Set(['inserted', 'updated', 'deleted']);

/** The failure of what follows a decision; who meets it knows that there is nothing to do again. */
function decided(error: unknown): unknown {
  if (!(error instanceof RunledgerError)) return error;
  const { code, message, hint } = error;
  return new RunledgerError(
    code,
    `${message} The change is decided all the same: its files follow as soon as they can be written.`,
    { cause: error, ...(hint !== undefined && { hint }) },
  );
}

/** The failure for a change whose file the system refuses. */
function notInPlace(folder: string, { intent, error }: Unplaced): unknown {
  return decided(unwritableFolder(join(folder, intent.name), error));
}

function changedMeanwhile({ runId, name }: FileBefore): RunledgerError {
  return new RunledgerError(
    'CONFLICT',
    `Run ${runId}: another program changed "${name}" while it was being written.`,
    { hint: 'Nothing was written. Read the run again, make the change to what is there now.' },
  );
}
