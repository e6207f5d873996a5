import type { RunStore, WriteOptions } from '../../repository/run-store.ts';
import {
  isKept,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';
import { catchUpSearch, SEARCH_CATCHES_UP } from '../sql/catch-up-search.ts';
import { textColumn } from '../sql/column-values.ts';
import type { ChangeListener } from './connection/change-listener.ts';
import { ChangeSignal } from './connection/change-signal.ts';
import type { Connection } from './connection/connection.ts';
import type { Database } from './connection/database.ts';
import type { Replicas } from './connection/replicas.ts';
import { keepImportedFiles, readImportedFiles, readSourcePiece } from './imported-files.ts';
import { asOwner, liftFence, raiseFence, readFence } from './ledger/fence.ts';
import { LedgerClock } from './ledger/ledger-clock.ts';
import {
  readChangeAt,
  readChanges,
  readHistory,
  readLastChanges,
  readPastChanges,
  readPosition,
} from './ledger/ledger-entries.ts';
import type { WriteMoment } from './ledger/ledger-statement.ts';
import { trimLedger } from './ledger/trim-ledger.ts';
import { notTwice } from './ledger/written-before.ts';
import { accessBy } from './postgres-access.ts';
import { beginTransaction } from './postgres-transaction.ts';
import { keepInQuarantine, readQuarantine, releaseFromQuarantine } from './quarantine.ts';
import { RecentIds } from './runs/recent-ids.ts';
import { writeBatch } from './runs/write-batch.ts';
import { writeOne } from './runs/write-one.ts';
import { findText } from './search/find-text.ts';
import { followChanges, searchBehind } from './search/search-index.ts';
import { keepTransfer, readTransfers } from './transfers.ts';

/** What a store is made of. */
export interface StoreParts {
  database: Database;
  replicas: Replicas;
  listener: ChangeListener;
  /** The clock, in milliseconds since 1970. */
  now: () => number;
}

/** The port over a database. */
export function postgresRunStore({ database, replicas, listener, now }: StoreParts): RunStore {
  const signal = new ChangeSignal(database);
  const onChange = () => {
    replicas.noteWrite();
    signal.give();
  };
  const index = {
    behind: () => database.read(searchBehind),
    async follow(most: number) {
      const taken = await database.transactionIfPossible((db) => followChanges(db, most));
      // Who searches now is to find it on a standby too.
      if (taken !== null) replicas.noteWrite();
      return taken;
    },
  };
  const recent = new RecentIds();
  const clock = new LedgerClock(now);
  const writeAt = async (
    moment: WriteMoment,
    operations: readonly WriteOperation[],
    options: WriteOptions,
  ): Promise<WriteOutcome[]> => {
    const once = (write: (db: Connection) => Promise<WriteOutcome[]>) =>
      notTwice(operations, moment, write);
    const [only, ...others] = operations;
    if (only !== undefined && others.length === 0) {
      return await database.write(once(async (db) => [await writeOne(db, only, moment, recent)]));
    }
    const { durability = 'full' } = options;
    const work = { durability, isKept: isKept(options) };
    return await database.transaction(
      work,
      once((db) => writeBatch(db, operations, moment)),
    );
  };
  const write: RunStore['write'] = async (operations, options) => {
    const moment = clock.moment(textColumn(options.origin));
    try {
      const outcomes = await writeAt(moment, operations, options);
      clock.note(moment, isKept(options)(outcomes) ? outcomes : []);
      return outcomes;
    } finally {
      onChange();
    }
  };
  return {
    kind: 'postgres',
    location: database.location,
    capabilities: { durable: true, manyProcesses: true },
    ...accessBy({
      read: (work) => database.read(work),
      snapshot: (work) => database.snapshot(work),
      readAside: (work) => replicas.read(work),
      readToChange: (_, work) => database.read(work),
      write,
    }),
    begin: () => beginTransaction(database, clock, onChange),
    flush: () =>
      database.write(async (db) => {
        await db.rows('UPDATE {s}.store_identity SET flushes = flushes + 1');
      }),
    async searchText(request) {
      await catchUpSearch(index, SEARCH_CATCHES_UP);
      const find = async (db: Connection) => {
        const behind = await searchBehind(db);
        return { places: await findText(db, request, behind > 0), behind };
      };
      return await replicas.read(find, true);
    },
    catchUpSearch: (changes) =>
      catchUpSearch(index, { changes, milliseconds: Number.POSITIVE_INFINITY }),
    position: (options) => database.read((db) => readPosition(db, options)),
    changes: (...given) => database.read((db) => readChanges(db, ...given)),
    pastChanges: (...given) => database.read((db) => readPastChanges(db, ...given)),
    changeAt: (moment) => database.read((db) => readChangeAt(db, moment)),
    history: (id) => database.read((db) => readHistory(db, id)),
    lastChanges: (ids) => database.read((db) => readLastChanges(db, ids)),
    async trimLedger(before, limit) {
      const trim = (db: Connection) => trimLedger(db, before, limit);
      return (await database.transactionIfPossible(trim)) ?? 0;
    },
    quarantine: (items) => database.transaction({}, (db) => keepInQuarantine(db, items)),
    quarantined: (origin, options) => database.read((db) => readQuarantine(db, origin, options)),
    releaseQuarantined: (origin, names) =>
      database.write((db) => releaseFromQuarantine(db, origin, names)),
    keepTransfer: (transfer) =>
      database.transaction({ durability: 'bulk' }, (db) => keepTransfer(db, transfer)),
    transfers: () => database.read(readTransfers),
    keepImportedFiles: (changes) =>
      database.transaction({ durability: 'bulk' }, (db) => keepImportedFiles(db, changes, now())),
    importedFiles: (request) => database.read((db) => readImportedFiles(db, request)),
    sourcePiece: (...given) => database.read((db) => readSourcePiece(db, ...given)),
    fence: (movedTo) => asOwner(database.migrate((db) => raiseFence(db, movedTo))),
    movedTo: () => database.read(readFence),
    liftFence: () => asOwner(database.migrate(liftFence)),
    watch: (wake) => listener.watch(wake),
    replicas: () => replicas.states(),
    async close() {
      await listener.close();
      await replicas.close();
      await database.close();
    },
  };
}
