import type { StoredRun } from '../../domain/run.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { WriteOptions } from '../../repository/run-store.ts';
import {
  decideWrite,
  headOf,
  idOf,
  type PutOperation,
  type RunHead,
  stampedRun,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';
import { readTime } from '../sql/column-values.ts';
import type { StoredRow } from '../sql/stored-row.ts';
import type { Connection } from './connection.ts';
import { Contents } from './contents.ts';
import { Ledger } from './ledger.ts';
import { readHeads } from './run-heads.ts';
import { readStoredRow } from './stored-row.ts';
import { deleteRun, insertRun, updateRun } from './write-run.ts';

/** When and in which transaction a batch is written. */
export interface WriteMoment {
  /** Milliseconds since 1970. */
  now: number;
  /** The first place in the ledger of a transaction that began before. */
  transaction?: number;
}

/**
 * Does the writes in their order, each with its row in the ledger. Must be called in a transaction
 * that has the write lock; what a failure leaves behind is for it to roll back.
 */
export function writeBatch(
  db: Connection,
  operations: readonly WriteOperation[],
  { origin = null }: Pick<WriteOptions, 'origin'>,
  { now, transaction }: WriteMoment,
): WriteOutcome[] {
  const batch = new Batch(db, operations, new Ledger(db, now, origin, transaction), now);
  return operations.map((operation) => batch.write(operation));
}

class Batch {
  readonly #db: Connection;
  readonly #ledger: Ledger;
  readonly #contents: Contents;
  /** The heads as this batch leaves them, so that a run may occur in it twice. */
  readonly #heads: Map<string, RunHead>;
  readonly #now: string;

  constructor(db: Connection, operations: readonly WriteOperation[], ledger: Ledger, now: number) {
    this.#db = db;
    this.#ledger = ledger;
    this.#contents = new Contents(db);
    this.#heads = readHeads(db, operations.map(idOf));
    this.#now = new Date(now).toISOString();
  }

  write(operation: WriteOperation): WriteOutcome {
    const id = idOf(operation);
    const decision = decideWrite(operation, this.#heads.get(id) ?? null);
    if (decision.do === 'nothing') return decision.outcome;
    if (decision.do === 'delete' || operation.kind === 'delete') return this.#delete(id);
    const { do: what, version } = decision;
    const { createdAt, updatedAt } =
      what === 'insert' ? this.#insert(operation, version) : this.#update(operation, version);
    this.#heads.set(id, headOf(operation.run, version, operation.digest));
    const result = what === 'insert' ? 'inserted' : 'updated';
    return { result, id, version, createdAt, updatedAt };
  }

  #insert(operation: PutOperation, version: number): StoredRun {
    const run = stampedRun(operation, version, { now: this.#now });
    const { digest } = operation;
    const runNumber = insertRun(this.#db, this.#contents, { run, digest });
    const change = { runId: run.id, runNumber, version, digest };
    this.#ledger.append({ ...change, operation: 'insert', overwrote: null });
    return run;
  }

  #update(operation: PutOperation, version: number): StoredRun {
    const before = this.#stored(operation.run.id);
    const createdAt = readTime(before.row.created_at);
    const run = stampedRun(operation, version, { now: this.#now, createdAt });
    const { digest } = operation;
    const overwrote = updateRun(this.#db, this.#contents, before, { run, digest });
    const change = { runId: run.id, runNumber: runNumberOf(before), version, digest };
    this.#ledger.append({ ...change, operation: 'update', overwrote });
    return run;
  }

  #delete(id: string): WriteOutcome {
    const before = this.#stored(id);
    const overwrote = deleteRun(this.#db, this.#contents, before);
    const version = Number(before.row.version);
    const change = { runId: id, runNumber: runNumberOf(before), version, digest: null };
    this.#ledger.append({ ...change, operation: 'delete', overwrote });
    this.#heads.delete(id);
    return { result: 'deleted', id };
  }

  #stored(id: string): StoredRow {
    const stored = readStoredRow(this.#db, id);
    if (stored !== null) return stored;
    throw new RunledgerError('CORRUPT', `Run ${id} cannot be found again in its own table.`, {
      hint: 'The index of ids is damaged: restore the last backup.',
    });
  }
}

function runNumberOf({ row }: StoredRow): number {
  return Number(row.run_number);
}
