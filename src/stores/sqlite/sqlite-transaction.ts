import { RunledgerError } from '../../repository/errors.ts';
import type { StoreTransaction } from '../../repository/run-store.ts';
import { isKept } from '../../repository/write-operation.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { lastPlace } from './ledger.ts';
import { accessBy } from './sqlite-access.ts';
import { type WriteMoment, writeBatch } from './write-batch.ts';

/** A transaction of the port that other work on the database can be part of. */
export interface SqliteTransaction extends StoreTransaction {
  /**
   * Does work in it; what is written to the ledger is of the moment that `moment` gives. What a failure
   * leaves behind is for a rollback to undo.
   */
  within<T>(work: (db: Connection, moment: () => WriteMoment) => T): Promise<T>;
}

/** Starts a transaction when it is its turn. `now` is the clock. */
export async function beginTransaction(
  database: Database,
  now: () => number,
): Promise<SqliteTransaction> {
  const { db, end } = await database.begin();
  let isOver = false;
  /** The first place in the ledger that a write of it gets. */
  let first: number | undefined;

  const momentIn = (connection: Connection): WriteMoment => {
    first ??= lastPlace(connection).seq + 1;
    return { now: now(), transaction: first };
  };
  const within = <T>(work: (db: Connection, moment: () => WriteMoment) => T) =>
    database.within(() => {
      if (isOver) throw over();
      // After some failures, a full disk among them, SQLite rolls back by itself. What came after
      // would then take effect alone.
      if (!db.inTransaction) throw rolledBack();
      return work(db, () => momentIn(db));
    });
  const finish = (work: () => void) =>
    database.within(() => {
      if (isOver) return;
      isOver = true;
      try {
        work();
      } finally {
        if (db.inTransaction) db.run('ROLLBACK');
        end();
      }
    });

  return {
    within,
    ...accessBy({
      read: within,
      write: (operations, options) =>
        within((connection, moment) =>
          connection.transaction(
            'IMMEDIATE',
            () => writeBatch(connection, operations, options, moment()),
            isKept(options),
          ),
        ),
    }),
    async commit() {
      if (isOver) throw over();
      await finish(() => {
        if (!db.inTransaction) throw rolledBack();
        db.run('COMMIT');
      });
    },
    async rollback() {
      await finish(() => {});
    },
  };
}

function over(): RunledgerError {
  return new RunledgerError('CLOSED', 'The transaction is over.');
}

function rolledBack(): RunledgerError {
  return new RunledgerError('STORE_FAILED', 'The database rolled the transaction back.', {
    hint: 'An earlier call in it failed, and its error says why: begin again after that.',
  });
}
