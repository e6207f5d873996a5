import { RunledgerError } from '../../repository/errors.ts';
import type { StoreTransaction, WriteOptions } from '../../repository/run-store.ts';
import {
  isKept,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';
import { textColumn } from '../sql/column-values.ts';
import type { Connection } from './connection/connection.ts';
import type { Database } from './connection/database.ts';
import type { LedgerClock } from './ledger/ledger-clock.ts';
import type { WriteMoment } from './ledger/ledger-statement.ts';
import { accessBy } from './postgres-access.ts';
import { readHeads } from './runs/run-heads.ts';
import { writeBatch } from './runs/write-batch.ts';

/** Starts a transaction when it is its turn. `onChange` is called when it is over. */
export async function beginTransaction(
  database: Database,
  storeClock: LedgerClock,
  onChange: () => void,
): Promise<StoreTransaction> {
  const { db, end } = await database.begin();
  const clock = storeClock.fork();
  let isOver = false;
  /** Runs that were read and not found, and not inserted since. */
  const absent = new Set<string>();
  /** Why it cannot go on: after a failed statement the server refuses every other. */
  let failure: unknown;

  const within = <T>(work: (connection: Connection) => Promise<T>) =>
    database.within(async () => {
      if (isOver) throw over();
      if (failure !== undefined) throw rolledBack(failure);
      try {
        return await work(db);
      } catch (error) {
        failure = error;
        throw error;
      }
    });
  /** Writes are of several statements: two at once would come into one another. */
  let lastWrite: Promise<unknown> = Promise.resolve();
  const write = (operations: readonly WriteOperation[], options: WriteOptions) => {
    const before = lastWrite;
    const call = within(async (connection) => {
      await before;
      const moment = clock.moment(textColumn(options.origin));
      const outcomes = await writePart(connection, operations, options, { moment, absent });
      clock.note(moment, isKept(options)(outcomes) ? outcomes : []);
      return outcomes;
    });
    lastWrite = call.catch(() => {});
    return call;
  };
  const finish = (work: () => Promise<void>) =>
    database.within(async () => {
      if (isOver) return;
      isOver = true;
      let isBroken = true;
      try {
        await work();
        isBroken = false;
      } finally {
        end(isBroken);
      }
    });

  return {
    ...accessBy({
      read: within,
      snapshot: within,
      readAside: within,
      // Locked first: what is read in it is still so when it is written.
      readToChange: (ids, work) =>
        within(async (connection) => {
          const heads = await readHeads(connection, ids, { locked: true });
          for (const id of ids) absent[heads.has(id) ? 'delete' : 'add'](id);
          return await work(connection);
        }),
      write,
    }),
    async commit() {
      if (isOver) throw over();
      await finish(async () => {
        if (failure !== undefined) throw rolledBack(failure);
        try {
          await database.commit(db);
        } finally {
          storeClock.noteTime(clock.latest);
          onChange();
        }
      });
    },
    async rollback() {
      await finish(() => db.script('ROLLBACK'));
      // Whoever follows may have waited for this one to end.
      onChange();
    },
    abandon() {
      if (isOver) return;
      isOver = true;
      end(true);
      onChange();
    },
  };
}

/** A batch within a transaction: undone alone where it is not to be kept. */
async function writePart(
  db: Connection,
  operations: readonly WriteOperation[],
  options: WriteOptions,
  { moment, absent }: { moment: WriteMoment; absent: Set<string> },
): Promise<WriteOutcome[]> {
  if (!options.atomic) return await writeBatch(db, operations, moment, absent);
  await db.script('SAVEPOINT part');
  const outcomes = await writeBatch(db, operations, moment, absent);
  await db.script(isKept(options)(outcomes) ? 'RELEASE part' : 'ROLLBACK TO part; RELEASE part');
  return outcomes;
}

function over(): RunledgerError {
  return new RunledgerError('CLOSED', 'The transaction is over.');
}

function rolledBack(cause: unknown): RunledgerError {
  // What was refused without the server's doing says itself what to do.
  if (cause instanceof RunledgerError) return cause;
  return new RunledgerError('STORE_FAILED', 'The database rolled the transaction back.', {
    cause,
    hint: 'An earlier call in it failed, and its error says why: begin again after that.',
  });
}
