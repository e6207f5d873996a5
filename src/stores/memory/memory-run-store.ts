import { randomUUID } from 'node:crypto';
import { canonicalRun } from '../../domain/canonical.ts';
import type { RunPlace } from '../../domain/cursor.ts';
import type { StoredRun } from '../../domain/run.ts';
import { summarize } from '../../domain/run-summary.ts';
import { statisticsOf } from '../../domain/statistics.ts';
import { searchableTexts } from '../../domain/text/searchable-texts.ts';
import { matchesText } from '../../domain/text/text-query.ts';
import { callsThrough } from '../../repository/guard/calls-through.ts';
import { OpenState } from '../../repository/guard/open-state.ts';
import { type LedgerPosition, unknownPosition } from '../../repository/position.ts';
import { compareQuarantineItems } from '../../repository/quarantine-order.ts';
import type {
  HistoryEntry,
  LedgerEntry,
  QuarantineItem,
  RunStore,
  RunStoreAccess,
  StoreTransaction,
} from '../../repository/run-store.ts';
import { moved, movedElsewhere, type Transfer } from '../../repository/transfer.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
import { wouldChange } from '../../repository/write-operation.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryState } from './memory-state.ts';

/** How long a write waits for a transaction before it is told BUSY. */
const WAIT_MS = 30_000;

/**
 * A store that lives as long as its process: for tests, and the reference that the others are
 * compared with, so it is written to be obviously right rather than fast. `now` is the clock.
 */
export function openMemoryStore({ now = Date.now }: { now?: () => number } = {}): RunStore {
  const storeId = randomUUID();
  const epoch = randomUUID();
  const turns = new TurnQueue();
  const quarantine = new Map<string, QuarantineItem>();
  const transfers = new Map<string, Transfer>();
  const files = new MemoryFiles();
  const kept: Held = { state: new MemoryState(), fence: null };
  const store = new OpenState('store');
  const placeOf = (position: LedgerPosition): number => {
    const isOfThisLedger = position.storeId === storeId && position.epoch === epoch;
    if (isOfThisLedger && /^\d+$/.test(position.cursor)) return Number(position.cursor);
    throw unknownPosition();
  };
  const entriesAfter = (after: LedgerPosition | null, limit: number): HistoryEntry[] => {
    const { ledger } = kept.state;
    return ledger.after(after === null ? ledger.tail : placeOf(after)).slice(0, limit);
  };
  const calls: Omit<RunStore, 'kind' | 'location' | 'capabilities' | 'close'> = {
    ...accessTo(kept, now),

    write: (operations, options) =>
      turns.run(WAIT_MS, () => accessTo(kept, now).write(operations, options)),
    async begin() {
      const end = await turns.take(WAIT_MS);
      const fork = { state: kept.state.fork(), fence: kept.fence };
      return transaction(store, accessTo(fork, now), end, () => {
        kept.state = fork.state;
      });
    },
    async flush() {
      // Nothing survives the process anyway: `durable` says so.
    },
    async searchText({ query, limit, ...request }) {
      const runs = kept.state.matching(request);
      const places: RunPlace[] = [];
      for (const run of runs) {
        if (places.length >= limit) break;
        if (!matchesText(query, Object.values(searchableTexts(run)))) continue;
        places.push({ startedAt: run.startedAt, id: run.id });
      }
      return { places, behind: 0 };
    },
    async catchUpSearch() {
      // There is no index to be behind: a search reads the runs themselves.
      return 0;
    },
    async position() {
      return { storeId, epoch, cursor: String(kept.state.ledger.newest) };
    },
    async changes(after, limit) {
      return entriesAfter(after, limit).map(withoutImage);
    },
    async pastChanges(after, limit) {
      return structuredClone(entriesAfter(after, limit));
    },
    async changeAt(moment) {
      const { ledger } = kept.state;
      const found =
        typeof moment === 'string'
          ? ledger.after(ledger.tail).findLast(({ at }) => at <= moment)
          : ledger.at(placeOf(moment));
      return found ? withoutImage(found) : null;
    },
    async history(id) {
      return structuredClone(kept.state.ledger.entries.filter(({ runId }) => runId === id));
    },
    async lastChanges(ids) {
      const last = new Map<string, LedgerEntry>();
      const wanted = new Set(ids);
      for (const entry of kept.state.ledger.entries) {
        if (wanted.has(entry.runId)) last.set(entry.runId, withoutImage(entry));
      }
      return last;
    },
    trimLedger: (before, limit) =>
      turns.run(WAIT_MS, async () => kept.state.ledger.trim(before, limit)),
    async quarantine(items) {
      for (const item of items) {
        quarantine.set(JSON.stringify([item.origin, item.name]), structuredClone(item));
      }
    },
    async quarantined(origin, { name, withBytes = true } = {}) {
      const items = [...quarantine.values()]
        .filter((item) => origin === undefined || item.origin === origin)
        .filter((item) => name === undefined || item.name === name)
        .map((item) => (withBytes ? item : { ...item, bytes: null }));
      return structuredClone(items.sort(compareQuarantineItems));
    },
    async releaseQuarantined(origin, names) {
      for (const name of names) quarantine.delete(JSON.stringify([origin, name]));
    },
    async keepTransfer(transfer) {
      transfers.set(transfer.origin, structuredClone(transfer));
    },
    async transfers() {
      const byOrigin = (a: Transfer, b: Transfer) => (a.origin < b.origin ? -1 : 1);
      return structuredClone([...transfers.values()].sort(byOrigin));
    },
    async keepImportedFiles(changes) {
      files.keep(changes, now());
    },
    async importedFiles(request) {
      return files.page(request);
    },
    async sourcePiece(...given) {
      return files.piece(...given);
    },
    fence: (movedTo) =>
      turns.run(WAIT_MS, async () => {
        if (kept.fence !== null && kept.fence !== movedTo) throw movedElsewhere(kept.fence);
        kept.fence = movedTo;
        return await calls.position();
      }),
    async movedTo() {
      return kept.fence;
    },
    async liftFence() {
      kept.fence = null;
    },
  };
  return {
    kind: 'memory',
    location: 'memory:',
    capabilities: { durable: false, manyProcesses: false },
    ...callsThrough(store, calls),
    close: () => store.settle(),
  };
}

function withoutImage({ overwrote: _, ...entry }: HistoryEntry): LedgerEntry {
  return entry;
}

/** What a store holds, and where it was moved to. */
interface Held {
  state: MemoryState;
  fence: string | null;
}

/** `end` gives the turn to the next writer, `keep` makes what was written here what the store holds. */
function transaction(
  store: OpenState,
  access: RunStoreAccess,
  end: () => void,
  keep: () => void,
): StoreTransaction {
  const state = new OpenState('transaction');
  return {
    ...callsThrough(store, callsThrough(state, access)),
    async commit() {
      store.check();
      state.check();
      await state.settle();
      keep();
      end();
    },
    async rollback() {
      await state.settle();
      end();
    },
  };
}

/** Access to the state that is held there at each moment; its writes are one in the ledger. */
function accessTo(held: Held, now: () => number): RunStoreAccess {
  const transaction = randomUUID();
  return {
    async write(operations, options) {
      if (held.fence !== null && wouldChange(operations, (id) => held.state.head(id)))
        throw moved(held.fence);
      const { outcomes, state } = held.state.write(operations, options, {
        now: now(),
        transaction,
      });
      held.state = state;
      return outcomes;
    },
    async read(ids, { withSteps = true } = {}) {
      const found = new Map<string, StoredRun>();
      for (const id of ids) {
        const run = held.state.get(id);
        if (run === undefined) continue;
        const { steps, ...rest } = run;
        found.set(id, structuredClone(withSteps || steps === undefined ? run : rest));
      }
      return found;
    },
    async heads(ids) {
      const heads = ids.map((id) => held.state.head(id)).filter((head) => head !== null);
      return new Map(heads.map((head) => [head.id, head]));
    },
    async summaries({ limit, ...request }) {
      return structuredClone(held.state.matching(request).take(limit).map(summarize).toArray());
    },
    async page({ limit, maxBytes, ...request }) {
      const runs: StoredRun[] = [];
      let bytes = 0;
      for (const run of held.state.matching(request).take(limit)) {
        bytes += canonicalRun(run).length;
        if (runs.length > 0 && bytes > maxBytes) break;
        runs.push(structuredClone(run));
      }
      return runs;
    },
    async statistics(filter) {
      return statisticsOf(held.state.matching({ filter, order: 'oldest', after: null }));
    },
  };
}
