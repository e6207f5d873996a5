import type { RunStoreAccess, WriteOptions } from '../../repository/run-store.ts';
import type { WriteOperation, WriteOutcome } from '../../repository/write-operation.ts';
import type { Connection } from './connection/connection.ts';
import { readPage, readRuns, readStatistics, readSummaries } from './runs/read-runs.ts';
import { readHeads } from './runs/run-heads.ts';

/** How work on the database is done: outside a transaction, or in one. */
export interface DatabaseWork {
  /** Does reading work of one statement, or of several that need not see the same moment. */
  read<T>(work: (db: Connection) => Promise<T>): Promise<T>;
  /** Does reading work that sees the database at one moment. */
  snapshot<T>(work: (db: Connection) => Promise<T>): Promise<T>;
  /** Does reading work of one statement that a standby may do. */
  readAside<T>(work: (db: Connection) => Promise<T>): Promise<T>;
  /** Reads runs that are about to be changed. */
  readToChange<T>(ids: readonly string[], work: (db: Connection) => Promise<T>): Promise<T>;
  /** Writes a batch: whole, or not at all when it fails. */
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<WriteOutcome[]>;
}

/** What can be done inside and outside a transaction. */
export function accessBy(work: DatabaseWork): RunStoreAccess {
  const { write, read, snapshot, readAside, readToChange } = work;
  return {
    write,
    read: (ids, options) => readToChange(ids, (db) => readRuns(db, ids, options)),
    heads: (ids) => readToChange(ids, (db) => readHeads(db, ids)),
    summaries: (request) => (request.mayLag ? readAside : read)((db) => readSummaries(db, request)),
    page: (request) => snapshot((db) => readPage(db, request)),
    statistics: (filter) => readAside((db) => readStatistics(db, filter)),
  };
}
