import type { RunOrder } from '../domain/cursor.ts';
import type { RunFilter } from '../domain/filter.ts';
import type { RunIssue } from '../domain/invalid-run.ts';
import type {
  AgentRun,
  RunError,
  RunInput,
  RunOutput,
  RunSummary,
  StoredRun,
} from '../domain/run.ts';
import type { RunStatistics } from '../domain/statistics.ts';
import type { Snippet } from '../domain/text/snippet.ts';
import type { LedgerEntry, StoreCapabilities } from './run-store.ts';

/**
 * A run as `save` takes it. Times may be `Date`s or ISO 8601 with an offset; ids may be in upper
 * case. What is left out is filled: `id` with a new UUIDv7, `startedAt` with now, `retryCount` with
 * 0, `diff`, `recentCommits`, `model`, `temperature`, `confidence`, `rawResponse` and `tokensUsed`
 * with their "not said" values. `createdAt` and `updatedAt` are the store's business: those given
 * are ignored. Fields beyond these are kept as they are.
 */
export type RunToSave = Omit<
  Partial<AgentRun>,
  'startedAt' | 'completedAt' | 'input' | 'output' | 'error'
> &
  Pick<AgentRun, 'repository' | 'status'> & {
    startedAt?: string | Date;
    completedAt?: string | Date;
    input: Pick<RunInput, 'prompt'> & Partial<RunInput>;
    output?: Pick<RunOutput, 'message'> & Partial<RunOutput>;
    error?: RunError;
  };

/** What a save did. */
export interface SaveResult {
  id: string;
  /** The run's version now. */
  version: number;
  /** `unchanged`: the same content was stored already. */
  result: 'inserted' | 'updated' | 'unchanged';
}

/** What `saveMany` did. */
export interface SaveManyReport {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Runs that were not stored, in the order in which they came. */
  rejected: RejectedRun[];
}

/** One run that `saveMany` did not store. */
export interface RejectedRun {
  /** Its place in what was given, from 0. */
  index: number;
  id: string | null;
  code: 'INVALID' | 'CONFLICT' | 'TRANSITION';
  message: string;
  /** For INVALID: each field that is wrong. */
  issues: readonly RunIssue[];
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}

/** How a list is paged. */
export interface PageOptions {
  /** Runs on a page: 1 to 1,000. Default 50. */
  limit?: number;
  /** The `nextCursor` of the page before; it must be used with the same order. */
  cursor?: string;
  /** Default `newest`. */
  order?: RunOrder;
}

/** One run that a search found. */
export interface SearchHit {
  run: RunSummary;
  /** Which text the snippet is cut from. */
  field: 'prompt' | 'message' | 'errorMessage';
  snippet: Snippet;
}

/** What a search found. */
export interface SearchPage extends Page<SearchHit> {
  /** Changes that the search index has not seen yet; 0 when it is up to date. */
  behind: number;
}

/** What `deleteMany` did. */
export interface DeleteManyReport {
  deleted: number;
  /** Runs that match but are under way, or have a retry under way, and were left. */
  active: number;
}

/** One change of the store. */
export interface RunChange extends Omit<LedgerEntry, 'cursor'> {
  /** Give it to `changes` as `after` to go on from here. */
  position: string;
}

/** How changes are followed. */
export interface ChangesOptions {
  /** The position of the last change seen; without it, the oldest change that the ledger keeps. */
  after?: string;
  /** True: wait for new changes until `signal` aborts. False (default): end with the newest. */
  follow?: boolean;
  signal?: AbortSignal;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** After this it is rolled back with TIMEOUT. Default 30,000; 1 to 600,000. */
  timeLimitMs?: number;
}

/**
 * A store of runs, as callers see it; the same over memory, files, SQLite and PostgreSQL.
 *
 * Every method can reject with CLOSED, BUSY, FULL, READ_ONLY, CORRUPT or STORE_FAILED. A wrong type
 * is a `TypeError`, a wrong value INVALID. Absent is null or an empty page; a failure never looks
 * like it. Returned runs are the caller's to change. Order is total: `startedAt`, then `id`.
 */
export interface RunRepository {
  readonly capabilities: StoreCapabilities;
  /** Where the runs lie, for people; never with a secret in it. */
  readonly location: string;

  /**
   * Stores a run with all its parts or nothing of it, and resolves when it is safe.
   *
   * With `version`, the stored run must have it: CONFLICT otherwise. Without, the last write wins.
   * Either way the status must be one that the stored one may become, and RETRYING is entered by
   * `retry` alone: TRANSITION otherwise. Content equal to what is stored is `unchanged`, whatever its
   * version. A retry under way keeps its `parentRunId` (CONFLICT otherwise), and when it ends here,
   * sends its RETRYING parent back to FAILED in the same transaction. Cost grows with the run.
   */
  save(run: RunToSave): Promise<SaveResult>;

  /**
   * Stores many runs, in batches of 500 or 8 MB, each run whole. Invalid and conflicting runs go into
   * the report and the stream goes on. Of two equal ids the later wins. If the store fails, or the
   * iterable does (SOURCE_FAILED, what came before is stored), or the repository is closed in the
   * middle (CLOSED), the error is a `PartlyDoneError` with the report so far. Memory does not grow
   * with the number of runs.
   */
  saveMany(runs: Iterable<RunToSave> | AsyncIterable<RunToSave>): Promise<SaveManyReport>;

  /** The run with that id, or null. Cost grows with the run alone. */
  findById(id: string): Promise<StoredRun | null>;

  /**
   * The runs of a repository, newest first. `limit` defaults to 10,000, which is also the most.
   * Rejects with TOO_MANY when there are more: `list` and `stream` have no such bound.
   */
  findByRepository(repository: string, options?: { limit?: number }): Promise<StoredRun[]>;

  /** A page of summaries (no large texts, no steps). Cost grows with the page, not with the store. */
  list(filter?: RunFilter, options?: PageOptions): Promise<Page<RunSummary>>;

  /** Every run that matches, whole, one after another; memory holds one page of them. */
  stream(filter?: RunFilter, options?: { order?: RunOrder }): AsyncIterable<StoredRun>;

  /**
   * The runs whose prompt, message or error message hold every word of the query, newest first. Words
   * match in their other forms, code words whole and in parts. The index first catches up with the
   * newest changes, or `behind` says how far it is. BAD_QUERY when there is no word to search for.
   */
  search(
    query: string,
    options?: { filter?: RunFilter; limit?: number; cursor?: string },
  ): Promise<SearchPage>;

  /** The figures of the runs that match; of all runs by default. */
  statistics(filter?: RunFilter): Promise<RunStatistics>;

  /**
   * Starts a repetition of a FAILED run whose error is recoverable: the run becomes RETRYING, and a
   * new QUEUED run with its input, `parentRunId` and a `retryCount` one higher is stored and
   * returned. Rejects with NOT_FOUND, TRANSITION or NOT_RECOVERABLE.
   */
  retry(id: string): Promise<StoredRun>;

  /**
   * Takes the oldest QUEUED run that matches, makes it RUNNING and returns it; null when there is
   * none. Of several that try at once, in any number of processes, exactly one gets each run.
   */
  claim(filter?: Omit<RunFilter, 'status'>): Promise<StoredRun | null>;

  /**
   * Makes a QUEUED or RUNNING run CANCELLED, with `completedAt` now and the time since `startedAt` as
   * duration, and returns it. A run that is CANCELLED already is returned as it is. Rejects with
   * NOT_FOUND or TRANSITION.
   */
  cancel(id: string): Promise<StoredRun>;

  /**
   * Deletes a run; false when there is none. ACTIVE when it is QUEUED or RUNNING, or RETRYING with its
   * retry under way: cancel first. Runs that refer to it keep the id.
   */
  delete(id: string): Promise<boolean>;

  /**
   * Deletes every run that matches and that `delete` would not refuse, in batches. A filter that names
   * nothing is refused with EMPTY_FILTER. If the store fails in the middle, the error is a
   * `PartlyDoneError` with the report so far.
   */
  deleteMany(filter: RunFilter): Promise<DeleteManyReport>;

  /**
   * The changes of the store in order, each once. Rejects with POSITION_UNKNOWN when `after` belongs
   * to another store or epoch, or is older than the ledger's tail: start over from a full copy.
   */
  changes(options?: ChangesOptions): AsyncIterable<RunChange>;

  /**
   * Calls back with a repository of its own; what is written through it takes effect whole when the
   * callback resolves, or not at all when it rejects or the time is over (TIMEOUT). Others do not
   * see it before. One transaction writes at a time. In it, `search`, `changes`, `transaction` and
   * `close` reject with IN_TRANSACTION, and so does any call on the outer repository that writes.
   */
  transaction<T>(
    callback: (repository: RunRepository) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;

  /** Waits for calls under way and lets go of the store. Later calls reject with CLOSED. */
  close(): Promise<void>;
}
