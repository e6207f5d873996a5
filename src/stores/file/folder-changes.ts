import { join } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { WriteOptions } from '../../repository/run-store.ts';
import type { WriteOperation, WriteOutcome } from '../../repository/write-operation.ts';
import { readRuns } from '../sqlite/read-runs.ts';
import type { SqliteTransaction } from '../sqlite/sqlite-transaction.ts';
import { removeQuietly, writeDurably } from './durable-file.ts';
import { readRunFileNames } from './file-table.ts';
import { finishIntents } from './finish-intents.ts';
import { unwritableFolder } from './folder-error.ts';
import { runFileName, temporaryName } from './folder-names.ts';
import type { FolderParts } from './folder-parts.ts';
import { inParallel } from './in-parallel.ts';
import { type FileIntent, putIntent } from './intent-table.ts';
import { lookAtFile } from './look-at-file.ts';
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
  /** The signatures of the files that it may change, as they were when their runs were written. */
  readonly #seen = new Map<string, number | null>();
  /** The ids of the runs that it changes. */
  readonly #changed = new Set<string>();

  constructor(folder: FolderParts, index: SqliteTransaction) {
    this.#folder = folder;
    this.#index = index;
  }

  /** Writes to runs as their files are now, whatever the index knew of them. */
  async write(
    operations: readonly WriteOperation[],
    options: WriteOptions,
  ): Promise<WriteOutcome[]> {
    const ids = operations.map((one) => (one.kind === 'put' ? one.run.id : one.id));
    const names = await this.#namesOf(ids);
    const looks = await takeIn(this.#folder, [...names.values()], this.#index.within);
    for (const { name, signature } of looks) this.#seen.set(name, signature);
    const outcomes = await this.#index.write(operations, options);
    const isUndone = options.atomic && outcomes.some(({ result }) => result === 'conflict');
    if (isUndone) return outcomes;
    for (const { id, result } of outcomes) if (CHANGES.has(result)) this.#changed.add(id);
    return outcomes;
  }

  /** Makes it all take effect. When this rejects before the index has committed, nothing has. */
  async commit(): Promise<void> {
    const intents: FileIntent[] = [];
    try {
      const names = await this.#namesOf([...this.#changed]);
      await inParallel([...names], ([id, name]) => this.#prepare(id, name, intents));
      await this.#index.within((db) => {
        for (const intent of intents) putIntent(db, intent);
      });
      await this.#index.commit();
    } catch (error) {
      await this.#index.rollback();
      this.#removeTemporary(intents);
      throw error;
    }
    try {
      if (intents.length > 0) await finishIntents(this.#folder, intents);
    } catch (error) {
      throw decided(unwritableFolder(this.#folder.path, error));
    }
  }

  /** The names of the files of these runs, by id: the one that holds it, or its own. */
  async #namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const held = await this.#index.within((db) => readRunFileNames(db, ids));
    return new Map(ids.map((id) => [id, held.get(id) ?? runFileName(id)]));
  }

  /** Writes what is to become the file of a run, and notes what is to be done with it. */
  async #prepare(runId: string, name: string, intents: FileIntent[]): Promise<void> {
    const { path, calls } = this.#folder;
    const { signature: seen } = lookAtFile(path, name);
    if (seen !== this.#seen.get(name)) throw changedMeanwhile(runId, name);
    const run = (await this.#index.within((db) => readRuns(db, [runId]))).get(runId);
    if (run === undefined) {
      if (seen !== null) intents.push({ runId, name, temporary: null, seen });
      return;
    }
    const temporary = temporaryName(runId);
    await writeDurably(calls, path, { temporary, replaces: name, text: runText(run) });
    intents.push({ runId, name, temporary, seen });
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

function changedMeanwhile(runId: string, name: string): RunledgerError {
  return new RunledgerError(
    'CONFLICT',
    `Run ${runId}: another program changed "${name}" while it was being written.`,
    { hint: 'Nothing was written. Read the run again, make the change to what is there now.' },
  );
}
