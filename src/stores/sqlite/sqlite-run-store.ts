import type { RunStore } from '../../repository/run-store.ts';
import { isKept } from '../../repository/write-operation.ts';
import { catchUpSearch, SEARCH_CATCHES_UP } from '../sql/catch-up-search.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { liftFence, raiseFence, readFence } from './fence.ts';
import { findText } from './find-text.ts';
import { keepImportedFiles, readImportedFiles, readSourcePiece } from './imported-files.ts';
import {
  readChangeAt,
  readChanges,
  readHistory,
  readLastChanges,
  readPastChanges,
  readPosition,
} from './ledger-entries.ts';
import { keepInQuarantine, readQuarantine, releaseFromQuarantine } from './quarantine.ts';
import { followChanges, searchBehind } from './search-index.ts';
import { accessBy } from './sqlite-access.ts';
import { beginTransaction } from './sqlite-transaction.ts';
import type { StoreIdentity } from './store-identity.ts';
import { keepTransfer, readTransfers } from './transfers.ts';
import { trimLedger } from './trim-ledger.ts';
import { writeBatch } from './write-batch.ts';

/** The port over an open database. `now` is the clock. */
export function sqliteRunStore(
  database: Database,
  identity: StoreIdentity,
  now: () => number,
): RunStore {
  const index = {
    behind: () => database.read(searchBehind),
    follow: (most: number) => database.writeIfPossible('bulk', (db) => followChanges(db, most)),
  };
  return {
    kind: 'sqlite',
    location: database.path,
    capabilities: { durable: true, manyProcesses: true },
    ...accessBy({
      read: (work) => database.read(work),
      write: (operations, options) =>
        database.write(
          options.durability ?? 'full',
          (db) => writeBatch(db, operations, options, { now: now() }),
          isKept(options),
        ),
    }),
    begin: () => beginTransaction(database, now),
    flush: () =>
      database.write('full', (db) => {
        db.run('UPDATE store_identity SET flushes = flushes + 1');
      }),
    async searchText(request) {
      await catchUpSearch(index, SEARCH_CATCHES_UP);
      return await database.read((db) => ({
        places: findText(db, request),
        behind: searchBehind(db),
      }));
    },
    catchUpSearch: (changes) =>
      catchUpSearch(index, { changes, milliseconds: Number.POSITIVE_INFINITY }),
    position: () => database.read((db) => readPosition(db, identity)),
    changes: (after, limit) => database.read((db) => readChanges(db, identity, after, limit)),
    pastChanges: (after, limit) =>
      database.read((db) => readPastChanges(db, identity, after, limit)),
    changeAt: (moment) => database.read((db) => readChangeAt(db, identity, moment)),
    history: (id) => database.read((db) => readHistory(db, id)),
    lastChanges: (ids) => database.read((db) => readLastChanges(db, ids)),
    async trimLedger(before, limit) {
      const trim = (db: Connection) => trimLedger(db, Date.parse(before), limit);
      return (await database.writeIfPossible('bulk', trim)) ?? 0;
    },
    quarantine: (items) => database.write('full', (db) => keepInQuarantine(db, items)),
    quarantined: (origin, options) => database.read((db) => readQuarantine(db, origin, options)),
    releaseQuarantined: (origin, names) =>
      database.write('full', (db) => releaseFromQuarantine(db, origin, names)),
    keepTransfer: (transfer) => database.write('bulk', (db) => keepTransfer(db, transfer)),
    transfers: () => database.read(readTransfers),
    keepImportedFiles: (changes) =>
      database.write('bulk', (db) => keepImportedFiles(db, changes, now())),
    importedFiles: (request) => database.read((db) => readImportedFiles(db, request)),
    sourcePiece: (...given) => database.read((db) => readSourcePiece(db, ...given)),
    fence: (movedTo) =>
      database.write('full', (db) => {
        raiseFence(db, movedTo);
        return readPosition(db, identity);
      }),
    movedTo: () => database.read(readFence),
    liftFence: () => database.write('full', liftFence),
    close: () => database.close(),
  };
}
