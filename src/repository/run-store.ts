import type { RunOrder, RunPlace } from '../domain/cursor.ts';
import type { NormalFilter } from '../domain/filter.ts';
import type { Overwritten } from '../domain/overwritten.ts';
import type { AgentRun, RunSummary, StoredRun } from '../domain/run.ts';
import type { RunStatistics } from '../domain/statistics.ts';
import type { TextQuery } from '../domain/text/text-query.ts';
import type {
  ImportedFileChange,
  ImportedFileKey,
  ImportedFilesRequest,
  KeptFile,
  SourcePiece,
} from './imported-file.ts';
import type { LedgerPosition } from './position.ts';
import type { Transfer } from './transfer.ts';
import type { RunHead, WriteOperation, WriteOutcome } from './write-operation.ts';

/** What a store can and cannot do; declared, so that nobody has to sniff its kind. */
export interface StoreCapabilities {
  /** An acknowledged write survives the end of the process. */
  durable: boolean;
  /** Several processes may use one store at the same time. */
  manyProcesses: boolean;
}

/** A page of runs in their total order. */
export interface PageRequest {
  filter: NormalFilter;
  order: RunOrder;
  /** Only runs that come after this place in that order. */
  after: RunPlace | null;
  /** At most so many. */
  limit: number;
  /** A server that is a little behind may answer: for people, not for what is decided by the answer. */
  mayLag?: true;
}

/** How a batch is written. */
export interface WriteOptions {
  /** True: if one write conflicts, none takes effect (all outcomes are still told). */
  atomic: boolean;
  /** Where a copy comes from; kept in the ledger beside the change. Null for an ordinary save. */
  origin?: string | null;
  /**
   * `bulk`: the store may acknowledge before the batch is safe from a power cut, until `flush`.
   * Default `full`.
   */
  durability?: 'full' | 'bulk';
}

/** A text search, newest first. */
export interface TextSearchRequest extends PageRequest {
  query: TextQuery;
}

/** Where the runs that a search found stand, in order, and how far the search index is behind. */
export interface TextSearchResult {
  places: RunPlace[];
  /** Changes that the index has not seen yet. */
  behind: number;
}

/** One change in the ledger. */
export interface LedgerEntry {
  /** The place of this change, for `changes`. */
  cursor: string;
  /** Equal for the changes of one transaction. */
  transaction: string;
  runId: string;
  /** The run's version after the change; for a delete the last one it had. */
  version: number;
  operation: 'insert' | 'update' | 'delete';
  /** ISO 8601; never earlier than that of the change before. */
  at: string;
  /** The run's digest after the change; null for a delete. */
  digest: string | null;
  /**
   * Where a copy wrote it from, or the folder of the store itself where it found the run in a file of
   * others; null for an ordinary save.
   */
  origin: string | null;
}

/** A change with what it overwrote: null for an insert, the whole run for a delete. */
export type HistoryEntry =
  | (LedgerEntry & { operation: 'insert'; overwrote: null })
  | (LedgerEntry & { operation: 'update'; overwrote: Overwritten })
  | (LedgerEntry & { operation: 'delete'; overwrote: AgentRun });

/** Something that could not be read as a run. */
export interface QuarantineItem {
  /** The store or folder that it was found in. */
  origin: string;
  /** Its name there, such as a file name. */
  name: string;
  /** One sentence that a person can act on. */
  reason: string;
  /** What was found, byte for byte; null where there is nothing to keep (a folder). */
  bytes: Uint8Array | null;
}

/** How runs are read. */
export interface ReadOptions {
  /** False: leave `steps` out. Default true. */
  withSteps?: boolean;
  /**
   * True: only as they lie where they are kept, which proves that they do. A run whose file cannot be
   * read, and which is otherwise answered from what is known of it, is then left out.
   */
  asKept?: boolean;
}

/** Which of what is kept in quarantine is given. */
export interface QuarantineOptions {
  /** The item of this name alone. */
  name?: string;
  /** False: null for all bytes, for whoever needs to know only what there is. Default true. */
  withBytes?: boolean;
}

/** Which place is asked for. */
export interface PositionOptions {
  /**
   * True: the newest place that no transaction is around, so that each is whole before it or whole after
   * it; that may be a little earlier. Default false.
   */
  whole?: boolean;
}

/** Which changes are told. */
export interface ChangesOptions {
  /**
   * True: as far as they can be seen now, even where others may still come to stand before them: to know
   * what was changed, not to go on from there. Default false.
   */
  unsettled?: boolean;
}

/** Tells of changes until it is stopped. */
export interface ChangeWatch {
  /** False while changes of other processes may go untold, so that it is better to look now and then. */
  readonly isLive: boolean;
  stop(): void;
}

/** A server that follows the one that a store writes to. */
export interface ReplicaState {
  /** Its address, without a secret. */
  location: string;
  /** Whether reads go there now. */
  isUsed: boolean;
  /** How far it is behind, in milliseconds; null where that is not known. */
  lagMs: number | null;
  /** Why it is left out; null where it is not. */
  problem: string | null;
}

/** What can be done inside and outside a transaction. */
export interface RunStoreAccess {
  /**
   * Writes in the order given; a run written twice has both effects. One outcome per operation. Cost
   * grows with the runs given, not with those stored. Fails as a whole or takes effect as a whole,
   * but for conflicts, which are outcomes. `bulk` writes that are begun side by side reach the ledger in
   * the order in which they were begun.
   */
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<WriteOutcome[]>;
  /** The runs of these ids that exist, by id. */
  read(ids: readonly string[], options?: ReadOptions): Promise<Map<string, StoredRun>>;
  /** The heads of these runs that exist, by id. */
  heads(ids: readonly string[]): Promise<Map<string, RunHead>>;
  /** A page of summaries; fewer than `limit` means the end. */
  summaries(request: PageRequest): Promise<RunSummary[]>;
  /**
   * A page of whole runs, of about `maxBytes` of JSON at most but at least one run where there is
   * any: an empty page means the end.
   */
  page(request: PageRequest & { maxBytes: number }): Promise<StoredRun[]>;
  /** The figures of the runs that match. */
  statistics(filter: NormalFilter): Promise<RunStatistics>;
}

/** A transaction under way: sees its own writes; others see them after `commit`. */
export interface StoreTransaction extends RunStoreAccess {
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /**
   * Ends it at once, as a rollback does, without waiting for calls under way, which fail. Absent where no
   * call takes long.
   */
  abandon?(): void;
}

/**
 * What a store implements: put exactly what is given, and tell what is there. It trusts its caller:
 * the guard has validated, normalised and decided before. Copy, backup and importers use it too,
 * because they must write versions and times as they were.
 *
 * Failures of the engine are mapped to a `RunledgerError` here, where its codes are known.
 */
export interface RunStore extends RunStoreAccess {
  readonly kind: 'memory' | 'file' | 'sqlite' | 'postgres';
  /** Where it lies, for people: an absolute path or an address, never with a secret in it. */
  readonly location: string;
  readonly capabilities: StoreCapabilities;

  /**
   * Starts a transaction, waiting a bounded time for its turn (BUSY after it).
   */
  begin(): Promise<StoreTransaction>;
  /** Makes everything acknowledged so far, `bulk` writes too, safe from a power cut. */
  flush(): Promise<void>;
  /** The runs whose prompt, message or error message holds every word, newest first. */
  searchText(request: TextSearchRequest): Promise<TextSearchResult>;
  /**
   * Takes up to so many changes into the search index and tells how many it has not seen yet.
   * `searchText` does a bounded piece of it by itself.
   */
  catchUpSearch(limit: number): Promise<number>;

  /** The place of the newest change. */
  position(options?: PositionOptions): Promise<LedgerPosition>;
  /**
   * The changes after a place, oldest first; from the ledger's tail where `after` is null. Rejects
   * with POSITION_UNKNOWN for a place of another store or epoch, or before the tail.
   */
  changes(
    after: LedgerPosition | null,
    limit: number,
    options?: ChangesOptions,
  ): Promise<LedgerEntry[]>;
  /** The same with what they overwrote. Each may be as large as a run: ask for few. */
  pastChanges(after: LedgerPosition | null, limit: number): Promise<HistoryEntry[]>;
  /**
   * The change at a place, or the newest one that is not after a time (ISO 8601). Null for the place before
   * the first change, and where the ledger holds none that early. Rejects with POSITION_UNKNOWN as
   * `changes` does. Of a time, cost grows with what came after it at most. Where several write at the same
   * time, their clocks may differ, and a change before that one may then have a later time.
   */
  changeAt(moment: LedgerPosition | string): Promise<LedgerEntry | null>;
  /** Every change of one run that the ledger still holds, oldest first, deletions included. */
  history(id: string): Promise<HistoryEntry[]>;
  /** The newest change of each of these runs that the ledger still holds, by run id. */
  lastChanges(ids: readonly string[]): Promise<Map<string, LedgerEntry>>;
  /**
   * Forgets the oldest changes: at most so many, of transactions that ended before a time (ISO 8601), and
   * none that the search index has not seen. The newest change stays. Gives how many; 0 also where the last
   * of them belong to a transaction that is not that old, or others are in the way. Every place before the
   * new tail is not known any more; of each transaction after it all changes are there.
   */
  trimLedger(before: string, limit: number): Promise<number>;

  /** Keeps what could not be read; replaces what was kept under the same origin and name. */
  quarantine(items: readonly QuarantineItem[]): Promise<void>;
  /**
   * What is kept so, by origin and name; of one origin where it is given.
   */
  quarantined(origin?: string, options?: QuarantineOptions): Promise<QuarantineItem[]>;
  /** Forgets what is kept of an origin under these names: it could be read in the meantime. */
  releaseQuarantined(origin: string, names: readonly string[]): Promise<void>;

  /** Keeps how far a copy got, in place of what was kept of its origin. */
  keepTransfer(transfer: Transfer): Promise<void>;
  /** What is kept so, by origin. */
  transfers(): Promise<Transfer[]>;

  /**
   * Keeps what is known of files that runs were imported from, in place of what was known before; all of
   * it, or nothing. Safe from a power cut after `flush`.
   */
  keepImportedFiles(changes: readonly ImportedFileChange[]): Promise<void>;
  /**
   * Files that runs were imported from; fewer than `limit` means the end. Their order is the same in every
   * store, and means nothing. The time at which one was kept never falls within a store.
   */
  importedFiles(request: ImportedFilesRequest): Promise<KeptFile[]>;
  /** A piece of such a file; null where it is not kept. */
  sourcePiece(file: ImportedFileKey, ordinal: number): Promise<SourcePiece | null>;

  /**
   * From now on every change fails with MOVED, which names this place; what is there can be read, and what
   * is no run kept. Gives the place of the last change. Rejects with MOVED where the store was moved to
   * another place before; a second call with the same place changes nothing.
   */
  fence(movedTo: string): Promise<LedgerPosition>;
  /** Where the store was moved to; null for one that was not. */
  movedTo(): Promise<string | null>;
  /** Takes the fence away. Without one it does nothing. */
  liftFence(): Promise<void>;

  /** Calls `wake` when others may have changed something. Absent where nobody tells. */
  watch?(wake: () => void): ChangeWatch;
  /** The servers beside the first that reads are asked of, looked at now. Absent where there can be none. */
  replicas?(): Promise<ReplicaState[]>;

  /** Waits for calls under way, then lets go of everything. A second call does nothing. */
  close(): Promise<void>;
}
