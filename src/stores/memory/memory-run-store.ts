import { randomUUID } from 'node:crypto';
import { canonicalRun } from '../../domain/canonical.ts';
import type { StoredRun } from '../../domain/run.ts';
import { summarize } from '../../domain/run-summary.ts';
import { statisticsOf } from '../../domain/statistics.ts';
import { searchableTexts } from '../../domain/text/searchable-texts.ts';
import { matchesText } from '../../domain/text/text-query.ts';
import { unknownPosition } from '../../repository/position.ts';
import type {
  LedgerEntry,
  QuarantineItem,
  RunStore,
  RunStoreAccess,
  StoreTransaction,
} from '../../repository/run-store.ts';
import { TurnQueue } from '../../repository/turn-queue.ts';
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
  const kept = { state: new MemoryState() };
  const access = accessTo(kept, now);
  return {
    kind: 'memory',
    location: 'memory:',
    capabilities: { durable: false, manyProcesses: false },
    ...access,

    write: (operations, options) =>
      turns.run(WAIT_MS, () => accessTo(kept, now).write(operations, options)),
    async begin() {
      const end = await turns.take(WAIT_MS);
      const fork = { state: kept.state.fork() };
      return transaction(accessTo(fork, now), end, () => {
        kept.state = fork.state;
      });
    },
    async flush() {
      // Nothing survives the process anyway: `durable` says so.
    },
    async searchText({ query, limit, ...request }) {
      const runs = kept.state.matching(request);
      const ids: string[] = [];
      for (const run of runs) {
        if (ids.length >= limit) break;
        if (matchesText(query, Object.values(searchableTexts(run)))) ids.push(run.id);
      }
      return { ids, behind: 0 };
    },
    async catchUpSearch() {
      // There is no index to be behind: a search reads the runs themselves.
      return 0;
    },
    async position() {
      return { storeId, epoch, cursor: String(kept.state.ledger.length) };
    },
    async changes(after, limit) {
      if (after !== null && (after.storeId !== storeId || after.epoch !== epoch)) {
        throw unknownPosition();
      }
      const start = Number(after?.cursor ?? 0);
      if (!Number.isInteger(start) || start < 0 || start > kept.state.ledger.length) {
        throw unknownPosition();
      }
      return kept.state.ledger
        .slice(start, start + limit)
        .map(({ overwrote: _, ...entry }) => entry);
    },
    async history(id) {
      return structuredClone(kept.state.ledger.filter(({ runId }) => runId === id));
    },
    async lastChanges(ids) {
      const last = new Map<string, LedgerEntry>();
      const wanted = new Set(ids);
      for (const { overwrote: _, ...entry } of kept.state.ledger) {
        if (wanted.has(entry.runId)) last.set(entry.runId, entry);
      }
      return last;
    },
    async quarantine(items) {
      for (const item of items) {
        quarantine.set(JSON.stringify([item.origin, item.name]), structuredClone(item));
      }
    },
    async quarantined(origin) {
      const items = [...quarantine.values()].filter(
        (item) => origin === undefined || item.origin === origin,
      );
      return structuredClone(items.sort(byOriginAndName));
    },
    async releaseQuarantined(origin, names) {
      for (const name of names) quarantine.delete(JSON.stringify([origin, name]));
    },
    async close() {
      // The garbage collector takes it from here.
    },
  };
}

function transaction(access: RunStoreAccess, end: () => void, keep: () => void): StoreTransaction {
  return {
    ...access,
    async commit() {
      keep();
      end();
    },
    async rollback() {
      end();
    },
  };
}

/** Access to the state that is held there at each moment; its writes are one in the ledger. */
function accessTo(held: { state: MemoryState }, now: () => number): RunStoreAccess {
  const transaction = randomUUID();
  return {
    async write(operations, options) {
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

function byOriginAndName(a: QuarantineItem, b: QuarantineItem): number {
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
