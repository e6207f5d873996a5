import type { RunStoreAccess, WriteOptions } from '../../repository/run-store.ts';
import type { WriteOperation, WriteOutcome } from '../../repository/write-operation.ts';
import type { Connection } from './connection.ts';
import { readPage, readRuns, readStatistics, readSummaries } from './read-runs.ts';
import { readHeads } from './run-heads.ts';

/** How work on the database is done: outside a transaction, or in one. */
export interface DatabaseWork {
  /** Does reading work with one view of the database. */
  read<T>(work: (db: Connection) => T): Promise<T>;
  /** Writes a batch: whole, or not at all when it fails. */
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<WriteOutcome[]>;
}

/** What can be done inside and outside a transaction. */
export function accessBy({ read, write }: DatabaseWork): RunStoreAccess {
  return {
    write,
    read: (ids, options) => read((db) => readRuns(db, ids, options)),
    heads: (ids) => read((db) => readHeads(db, ids)),
    summaries: (request) => read((db) => readSummaries(db, request)),
    page: (request) => read((db) => readPage(db, request)),
    statistics: (filter) => read((db) => readStatistics(db, filter)),
  };
}
