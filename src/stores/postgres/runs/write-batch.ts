import { RunledgerError } from '../../../repository/errors.ts';
import {
  decideWrite,
  idOf,
  type PutOperation,
  type RunHead,
  stampedRun,
  type WriteOperation,
  type WriteOutcome,
} from '../../../repository/write-operation.ts';
import { readTime } from '../../sql/column-values.ts';
import type { RunPart } from '../../sql/part-tables.ts';
import type { StoredRow } from '../../sql/stored-row.ts';
import type { Connection } from '../connection/connection.ts';
import { Parameters } from '../connection/parameters.ts';
import { appendChanges, type Change, type WriteMoment } from '../ledger/ledger-statement.ts';
import { deleteStatement } from './delete-runs.ts';
import { insertions, insertStatement } from './insert-runs.ts';
import { loadRuns } from './load-runs.ts';
import { readHeads } from './run-heads.ts';
import { readStoredRows } from './stored-rows.ts';
import { updateStatement } from './update-run.ts';
import { writeRuns } from './write-statement.ts';

/** From so many new runs on they are loaded by COPY. */
const WORTH_COPYING = 20;

/**
 * Does the writes of a batch, each with its row in the ledger. Must be called in a transaction; what a
 * failure leaves behind is for it to roll back. The runs that are stored are locked first, so that what
 * is decided holds until the end. A run that occurs twice is written twice, in the order given.
 *
 * `absent` are runs that the transaction has read and not found; those that it inserts are taken out.
 * Throws CONFLICT for one of them that somebody else has saved meanwhile: it could not be locked.
 */
export async function writeBatch(
  db: Connection,
  operations: readonly WriteOperation[],
  moment: WriteMoment,
  absent: Set<string> = new Set(),
): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (const round of roundsOf(operations)) {
    outcomes.push(...(await new Round(db, round, { moment, absent }).write()));
  }
  return outcomes;
}

/** The writes in their order, cut where a run comes again. */
function roundsOf(operations: readonly WriteOperation[]): WriteOperation[][] {
  const rounds: WriteOperation[][] = [];
  let ids = new Set<string>();
  for (const operation of operations) {
    const id = idOf(operation);
    if (rounds.length === 0 || ids.has(id)) {
      rounds.push([]);
      ids = new Set();
    }
    rounds.at(-1)?.push(operation);
    ids.add(id);
  }
  return rounds;
}

/** A put with the version that it leads to. */
interface DecidedPut {
  operation: PutOperation;
  version: number;
}

/** Writes that are each about another run. */
class Round {
  readonly #db: Connection;
  readonly #operations: readonly WriteOperation[];
  readonly #moment: WriteMoment;
  readonly #now: string;
  readonly #absent: Set<string>;
  readonly #outcomes = new Map<string, WriteOutcome>();
  readonly #changes = new Map<string, Change>();

  constructor(
    db: Connection,
    operations: readonly WriteOperation[],
    { moment, absent }: { moment: WriteMoment; absent: Set<string> },
  ) {
    this.#db = db;
    this.#operations = operations;
    this.#moment = moment;
    this.#absent = absent;
    this.#now = new Date(moment.now).toISOString();
  }

  async write(): Promise<WriteOutcome[]> {
    let pending = this.#operations;
    // A run that somebody else inserts in the meantime is found the next time round.
    while (pending.length > 0) {
      const heads = await readHeads(this.#db, pending.map(idOf), { locked: true });
      for (const id of heads.keys()) if (this.#absent.has(id)) throw cameMeanwhile(id);
      await this.#writeDecided(pending, heads);
      pending = pending.filter((operation) => !this.#outcomes.has(idOf(operation)));
    }
    const ids = this.#operations.map(idOf);
    await this.#append(ids.flatMap((id) => this.#changes.get(id) ?? []));
    return ids.map((id) => this.#outcomes.get(id) as WriteOutcome);
  }

  async #writeDecided(
    operations: readonly WriteOperation[],
    heads: ReadonlyMap<string, RunHead>,
  ): Promise<void> {
    const inserts: DecidedPut[] = [];
    const updates: DecidedPut[] = [];
    const deletes: string[] = [];
    for (const operation of operations) {
      const id = idOf(operation);
      const decision = decideWrite(operation, heads.get(id) ?? null);
      if (decision.do === 'nothing') this.#outcomes.set(id, decision.outcome);
      else if (decision.do === 'delete' || operation.kind === 'delete') deletes.push(id);
      else {
        const { do: what, version } = decision;
        (what === 'insert' ? inserts : updates).push({ operation, version });
      }
    }
    const changed = [...updates.map(({ operation }) => idOf(operation)), ...deletes];
    const stored = await readStoredRows(this.#db, changed);
    for (const put of updates) await this.#update(put, storedRow(stored, idOf(put.operation)));
    await this.#insert(inserts);
    await this.#delete(deletes.map((id) => storedRow(stored, id)));
  }

  async #update({ operation, version }: DecidedPut, before: StoredRow): Promise<void> {
    const createdAt = readTime(before.row.created_at);
    const run = stampedRun(operation, version, { now: this.#now, createdAt });
    const after = { run, digest: operation.digest };
    const statement = await updateStatement(this.#db, before, after);
    this.#writeDown(statement.changes, await writeRuns(this.#db, statement));
    if (!this.#changes.has(run.id)) throw notFoundAgain(run.id);
    this.#outcomes.set(run.id, outcomeOf('updated', after));
  }

  async #insert(puts: readonly DecidedPut[]): Promise<void> {
    if (puts.length === 0) return;
    const runs = puts.map(({ operation, version }) => ({
      run: stampedRun(operation, version, { now: this.#now }),
      digest: operation.digest,
    }));
    if (runs.length >= WORTH_COPYING && (await loadRuns(this.#db, runs))) {
      this.#writeDown(insertions(runs), new Set(runs.map(({ run }) => run.id)));
    } else {
      const statement = await insertStatement(this.#db, runs);
      this.#writeDown(statement.changes, await writeRuns(this.#db, statement));
    }
    for (const put of runs) {
      const { id } = put.run;
      if (!this.#changes.has(id)) continue;
      this.#outcomes.set(id, outcomeOf('inserted', put));
      this.#absent.delete(id);
    }
  }

  async #delete(stored: readonly StoredRow[]): Promise<void> {
    if (stored.length === 0) return;
    const statement = await deleteStatement(this.#db, stored);
    this.#writeDown(statement.changes, await writeRuns(this.#db, statement));
    for (const { row } of stored) {
      const id = row.id as string;
      if (!this.#changes.has(id)) throw notFoundAgain(id);
      this.#outcomes.set(id, { result: 'deleted', id });
    }
  }

  /** Remembers the changes of the runs that were written: they reach the ledger in the order given. */
  #writeDown(changes: readonly Change[], written: ReadonlySet<string>): void {
    for (const change of changes) {
      if (written.has(change.runId)) this.#changes.set(change.runId, change);
    }
  }

  async #append(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const parameters = new Parameters();
    const sql = appendChanges(parameters, changes, this.#moment);
    await this.#db.prepared(sql, parameters.values);
  }
}

/** The outcome of a put that took effect. */
export function outcomeOf(
  result: 'inserted' | 'updated',
  { run: { id, version, createdAt, updatedAt } }: RunPart,
): WriteOutcome {
  return { result, id, version, createdAt, updatedAt };
}

function storedRow(stored: ReadonlyMap<string, StoredRow>, id: string): StoredRow {
  const row = stored.get(id);
  if (row === undefined) throw notFoundAgain(id);
  return row;
}

function cameMeanwhile(id: string): RunledgerError {
  const message = `Run ${id} was not there when the transaction read it, and was saved by somebody else since.`;
  return new RunledgerError('CONFLICT', message, {
    hint: 'Nothing of the transaction took effect: do it again.',
  });
}

function notFoundAgain(id: string): RunledgerError {
  return new RunledgerError('CORRUPT', `Run ${id} cannot be found again in its own table.`, {
    hint: 'The index of ids is damaged: REINDEX it, or restore the last backup.',
  });
}
