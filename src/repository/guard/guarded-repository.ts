import type { RunFilter } from '../../domain/filter.ts';
import type { RunSummary, StoredRun } from '../../domain/run.ts';
import type { RunStatistics } from '../../domain/statistics.ts';
import { parseTextQuery } from '../../domain/text/text-query.ts';
import { RunledgerError } from '../errors.ts';
import type * as contract from '../run-repository.ts';
import type { RunStore, RunStoreAccess } from '../run-store.ts';
import * as check from './check-arguments.ts';
import { deleteMany, deleteRun } from './delete.ts';
import { followChanges } from './follow-changes.ts';
import { type GuardContext, refuseInside } from './guard-context.ts';
import { LedgerKeeper } from './ledger-keeper.ts';
import { cancel, claim, retry } from './life-cycle.ts';
import { OpenState } from './open-state.ts';
import { findByRepository, listRuns } from './read.ts';
import { notFound } from './refusals.ts';
import { save } from './save.ts';
import { saveMany } from './save-many.ts';
import { search } from './search.ts';
import { callStore, namingFailures } from './store-failure.ts';
import { streamRuns } from './stream.ts';
import { inTransaction } from './transaction.ts';
import { WakeUp } from './wake-up.ts';

/** How a repository is made from a store. */
export interface GuardOptions {
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** For how many milliseconds the ledger is kept. Default for ever. */
  keepLedgerMs?: number;
}

/**
 * Puts the contract in front of a store: checks arguments and state, fills and normalises runs,
 * decides what must hold of a write, and names failures. Beside writes, the ledger is trimmed.
 */
export function guardRepository(
  store: RunStore,
  { now = Date.now, keepLedgerMs }: GuardOptions = {},
): contract.RunRepository {
  const state = new OpenState('repository');
  const keeper = keepLedgerMs === undefined ? null : new LedgerKeeper(store, keepLedgerMs, now);
  return new GuardedRepository(store, store, now, state, new WakeUp(), keeper);
}

class GuardedRepository implements contract.RunRepository {
  readonly #store: RunStore;
  readonly #context: GuardContext;
  readonly #state: OpenState;
  readonly #wakeUp: WakeUp;
  readonly #keeper: LedgerKeeper | null;
  readonly #isTransaction: boolean;
  #closing: Promise<void> | undefined;

  constructor(
    store: RunStore,
    access: RunStoreAccess,
    now: () => number,
    state: OpenState,
    wakeUp: WakeUp,
    keeper: LedgerKeeper | null,
  ) {
    this.#store = store;
    this.#context = { access: namingFailures(access), now };
    this.#state = state;
    this.#wakeUp = wakeUp;
    this.#keeper = keeper;
    this.#isTransaction = access !== store;
  }

  get capabilities() {
    return this.#store.capabilities;
  }

  get location() {
    return this.#store.location;
  }

  save(run: contract.RunToSave): Promise<contract.SaveResult> {
    return this.#write('save', () => save(this.#context, run));
  }

  saveMany(
    runs: Iterable<contract.RunToSave> | AsyncIterable<contract.RunToSave>,
  ): Promise<contract.SaveManyReport> {
    return this.#write('saveMany', () => {
      check.checkIterable(runs);
      const flush = () => callStore(() => this.#flush());
      return saveMany(this.#context, runs, { flush, stopped: this.#state.stopped });
    });
  }

  findById(id: string): Promise<StoredRun | null> {
    return this.#state.call(async () => {
      const wanted = check.checkId(id);
      if (wanted === null) return null;
      return (await this.#context.access.read([wanted])).get(wanted) ?? null;
    });
  }

  findByRepository(repository: string, options?: { limit?: number }): Promise<StoredRun[]> {
    return this.#state.call(() => findByRepository(this.#context, repository, options));
  }

  list(filter?: RunFilter, options?: contract.PageOptions): Promise<contract.Page<RunSummary>> {
    return this.#state.call(() => listRuns(this.#context, filter, options));
  }

  async *stream(
    filter?: RunFilter,
    options?: Pick<contract.PageOptions, 'order'>,
  ): AsyncGenerator<StoredRun, void, undefined> {
    this.#state.check();
    const order = check.checkOrder(check.checkOptions(options, ['order']).order);
    const runs = streamRuns(this.#context, { filter: check.checkFilter(filter), order });
    yield* this.#whileOpen(runs);
  }

  search(
    query: string,
    options?: { filter?: RunFilter; limit?: number; cursor?: string },
  ): Promise<contract.SearchPage> {
    return this.#state.call(async () => {
      this.#refuseInTransaction('search');
      if (typeof query !== 'string') throw new TypeError('query must be a string.');
      const given = check.checkOptions(options, ['filter', 'limit', 'cursor']);
      const limit = check.checkPageLimit(given.limit);
      const after = check.checkCursor('newest', given.cursor);
      const filter = check.checkFilter(given.filter);
      const words = check.asInvalid('query', () => parseTextQuery(query), 'BAD_QUERY');
      return callStore(() => search(this.#store, words, { filter, after, limit }));
    });
  }

  statistics(filter?: RunFilter): Promise<RunStatistics> {
    return this.#state.call(async () => this.#context.access.statistics(check.checkFilter(filter)));
  }

  retry(id: string): Promise<StoredRun> {
    return this.#write('retry', () => retry(this.#context, this.#existing(id)));
  }

  claim(filter?: Omit<RunFilter, 'status'>): Promise<StoredRun | null> {
    return this.#write('claim', () => claim(this.#context, check.checkFilter(filter)));
  }

  cancel(id: string): Promise<StoredRun> {
    return this.#write('cancel', () => cancel(this.#context, this.#existing(id)));
  }

  delete(id: string): Promise<boolean> {
    return this.#write('delete', async () => {
      const wanted = check.checkId(id);
      return wanted !== null && deleteRun(this.#context, wanted);
    });
  }

  deleteMany(filter: RunFilter): Promise<contract.DeleteManyReport> {
    return this.#write('deleteMany', () => deleteMany(this.#context, check.checkFilter(filter)));
  }

  changes(options?: contract.ChangesOptions): AsyncGenerator<contract.RunChange, void, undefined> {
    const ended = new AbortController();
    const changes = this.#changes(options, ended.signal);
    const end = changes.return.bind(changes);
    // Otherwise return() would wait for the next change.
    changes.return = (value) => {
      ended.abort();
      return end(value);
    };
    return changes;
  }

  async *#changes(
    options: contract.ChangesOptions | undefined,
    ended: AbortSignal,
  ): AsyncGenerator<contract.RunChange, void, undefined> {
    this.#state.check();
    this.#refuseInTransaction('changes');
    const given = check.checkChangesOptions(options);
    const signal = given.signal ? AbortSignal.any([given.signal, ended]) : ended;
    const watch = given.follow ? this.#store.watch?.(() => this.#wakeUp.ring()) : undefined;
    let rings = this.#wakeUp.rings;
    const ledger = {
      position: () => callStore(() => this.#store.position()),
      changes: (...given: Parameters<RunStore['changes']>) => {
        rings = this.#wakeUp.rings;
        return callStore(() => this.#store.changes(...given));
      },
    };
    const pause = async (signal: AbortSignal | undefined) => {
      await this.#wakeUp.pause(rings, watch?.isLive === true, signal);
      // Closing wakes everyone who waits, and waits for them in turn.
      this.#state.check();
    };
    try {
      yield* this.#whileOpen(followChanges(ledger, { ...given, signal }, pause));
    } finally {
      watch?.stop();
    }
  }

  transaction<T>(
    callback: (repository: contract.RunRepository) => Promise<T>,
    options?: contract.TransactionOptions,
  ): Promise<T> {
    return this.#write('transaction', async () => {
      this.#refuseInTransaction('transaction');
      if (typeof callback !== 'function') throw new TypeError('callback must be a function.');
      const given = check.checkOptions(options, ['timeLimitMs']);
      const timeLimitMs = check.checkTimeLimit(given.timeLimitMs);
      const open = (access: RunStoreAccess) => {
        const state = new OpenState('transaction');
        const { now } = this.#context;
        const wakeUp = this.#wakeUp;
        // What is written in it counts when it is over.
        const repository = new GuardedRepository(this.#store, access, now, state, wakeUp, null);
        return { repository, state };
      };
      return inTransaction(this.#store, timeLimitMs, open, callback);
    });
  }

  async close(): Promise<void> {
    this.#refuseInTransaction('close');
    refuseInside(this.#store, 'close');
    this.#closing ??= (async () => {
      const ended = this.#state.close();
      this.#wakeUp.ring();
      await ended;
      await this.#keeper?.stop();
      await callStore(() => this.#store.close());
    })();
    return this.#closing;
  }

  /** A call that writes: not from inside a transaction of the same store, and followers wake. */
  #write<T>(method: string, work: () => Promise<T>): Promise<T> {
    return this.#state.call(async () => {
      if (!this.#isTransaction) refuseInside(this.#store, method);
      try {
        const result = await work();
        this.#keeper?.noteWrite();
        return result;
      } finally {
        this.#wakeUp.ring();
      }
    });
  }

  /** Passes items on as long as the repository is open; each is a call of its own. */
  async *#whileOpen<T>(items: AsyncGenerator<T, void, undefined>) {
    try {
      for (;;) {
        const next = await this.#state.call(() => items.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await items.return();
    }
  }

  /** In a transaction there is nothing to make durable before its commit. */
  async #flush(): Promise<void> {
    if (!this.#isTransaction) await this.#store.flush();
  }

  #existing(id: string): string {
    const wanted = check.checkId(id);
    if (wanted === null) throw notFound(id);
    return wanted;
  }

  #refuseInTransaction(method: string): void {
    if (!this.#isTransaction) return;
    throw new RunledgerError('IN_TRANSACTION', `${method}() cannot be called in a transaction.`, {
      hint: 'Call it on the outer repository, before or after the transaction.',
    });
  }
}
