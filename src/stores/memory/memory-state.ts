import { comparePlaces } from '../../domain/cursor.ts';
import { matchesFilter } from '../../domain/filter.ts';
import { overwrittenBy } from '../../domain/overwritten.ts';
import type { StoredRun } from '../../domain/run.ts';
import type { HistoryEntry, PageRequest, WriteOptions } from '../../repository/run-store.ts';
import {
  decideWrite,
  headOf,
  idOf,
  type RunHead,
  stampedRun,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** When and in which transaction of the ledger a write is made. */
export interface WriteMoment {
  /** Milliseconds since 1970. */
  now: number;
  transaction: string;
}

/** One run with its digest. */
interface Kept {
  run: StoredRun;
  digest: string;
}

/**
 * Everything a memory store holds at one moment. A transaction works on a fork of it, which replaces
 * the original when it commits; forking costs one step per run.
 */
export class MemoryState {
  readonly #runs: Map<string, Kept>;
  readonly ledger: MemoryLedger;
  #sorted: StoredRun[] | undefined;

  constructor(runs = new Map<string, Kept>(), ledger = new MemoryLedger()) {
    this.#runs = runs;
    this.ledger = ledger;
  }

  fork(): MemoryState {
    return new MemoryState(new Map(this.#runs), this.ledger.fork());
  }

  head(id: string): RunHead | null {
    const kept = this.#runs.get(id);
    return kept === undefined ? null : headOf(kept.run, kept.run.version, kept.digest);
  }

  /** The run itself, not a copy. */
  get(id: string): StoredRun | undefined {
    return this.#runs.get(id)?.run;
  }

  /** The runs that a page asks for, in its order, without regard to its limit. */
  *matching({
    filter,
    order,
    after,
  }: Omit<PageRequest, 'limit'>): Generator<StoredRun, undefined, void> {
    this.#sorted ??= [...this.#runs.values()].map(({ run }) => run).sort(comparePlaces);
    const direction = order === 'oldest' ? 1 : -1;
    const runs = order === 'oldest' ? this.#sorted : this.#sorted.toReversed();
    for (const run of runs) {
      if (after !== null && comparePlaces(run, after) * direction <= 0) continue;
      if (matchesFilter(run, filter)) yield run;
    }
  }

  /** Does the writes in order, and gives the state to go on with: the old one if they are undone. */
  write(
    operations: readonly WriteOperation[],
    { atomic, origin = null }: WriteOptions,
    { now: nowMs, transaction }: WriteMoment,
  ): { outcomes: WriteOutcome[]; state: MemoryState } {
    const last = this.ledger.entries.at(-1)?.at;
    const now = new Date(nowMs).toISOString();
    const stamp = { at: last !== undefined && last > now ? last : now, origin, transaction };
    // Only a write of several parts can fail in the middle.
    const next = atomic && operations.length > 1 ? this.fork() : this;
    const outcomes = operations.map((operation) => next.#writeOne(operation, now, stamp));
    const isKept = outcomes.every(({ result }) => result !== 'conflict');
    return { outcomes, state: isKept ? next : this };
  }

  #writeOne(
    operation: WriteOperation,
    now: string,
    stamp: Pick<HistoryEntry, 'at' | 'origin' | 'transaction'>,
  ): WriteOutcome {
    const runId = idOf(operation);
    const decision = decideWrite(operation, this.head(runId));
    if (decision.do === 'nothing') return decision.outcome;
    this.#sorted = undefined;
    const cursor = String(this.ledger.newest + 1);
    const before = this.#runs.get(runId)?.run;
    if (operation.kind === 'delete') {
      if (before !== undefined) {
        const entry = { ...stamp, cursor, runId, version: before.version, digest: null };
        this.ledger.entries.push({ ...entry, operation: 'delete', overwrote: before });
      }
      this.#runs.delete(runId);
      return { result: 'deleted', id: runId };
    }
    const version = decision.do === 'delete' ? 0 : decision.version;
    const stamps = { now, createdAt: before?.createdAt };
    const run = structuredClone(stampedRun(operation, version, stamps));
    const { createdAt, updatedAt } = run;
    const { digest } = operation;
    this.#runs.set(runId, { run, digest });
    const entry = { ...stamp, cursor, runId, version, digest };
    if (before === undefined)
      this.ledger.entries.push({ ...entry, operation: 'insert', overwrote: null });
    else {
      const overwrote = overwrittenBy(before, run);
      this.ledger.entries.push({ ...entry, operation: 'update', overwrote });
    }
    const result = before === undefined ? 'inserted' : 'updated';
    return { result, id: runId, version, createdAt, updatedAt };
  }
}
