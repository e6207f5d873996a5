import { digestOf } from '../domain/canonical.ts';
import type { RunPlace } from '../domain/cursor.ts';
import type { StoredRun } from '../domain/run.ts';
import { BATCH_BYTES, BATCH_RUNS } from './batch-limits.ts';
import { pastDigests } from './past-digests.ts';
import type { LedgerPosition } from './position.ts';
import type { RunSource, SourceItem } from './run-source.ts';
import type { RunStore } from './run-store.ts';

/** How many changes are read from the ledger at once. */
const LEDGER_PIECE = 1_000;

/**
 * A store as a source: every run, oldest first, with its version and times, then what the ledger
 * says was changed or deleted in the meantime. Without that second part a run that is inserted
 * behind the place where the reader stands would be missed. The store may be written to meanwhile.
 */
export function storeSource(store: RunStore): RunSource {
  return {
    origin: store.location,
    async count() {
      const { totalRuns, retiredRuns } = await store.statistics({});
      return totalRuns - retiredRuns;
    },
    async *items() {
      const start = await store.position();
      yield* allRuns(store);
      yield* changesSince(store, start);
    },
    pastDigests: (id) => pastDigests(store, id),
  };
}

async function* allRuns(store: RunStore): AsyncGenerator<SourceItem, void, void> {
  const request = {
    filter: {},
    order: 'oldest',
    limit: BATCH_RUNS,
    maxBytes: BATCH_BYTES,
  } as const;
  let after: RunPlace | null = null;
  for (;;) {
    const page: StoredRun[] = await store.page({ ...request, after });
    for (const run of page) yield runItem(run);
    const last = page.at(-1);
    if (last === undefined) return;
    after = { startedAt: last.startedAt, id: last.id };
  }
}

async function* changesSince(
  store: RunStore,
  start: LedgerPosition,
): AsyncGenerator<SourceItem, void, void> {
  let after = start;
  let hasMore = true;
  while (hasMore) {
    const entries = await store.changes(after, LEDGER_PIECE);
    // A piece that is not full reached the newest change. Whoever writes faster than that is not
    // followed for ever: what comes later belongs to the next copy.
    hasMore = entries.length === LEDGER_PIECE;
    const cursor = entries.at(-1)?.cursor;
    if (cursor !== undefined) after = { ...start, cursor };
    for (const id of new Set(entries.map(({ runId }) => runId))) {
      const run = (await store.read([id])).get(id);
      yield run === undefined ? { kind: 'deleted', id } : runItem(run);
    }
  }
}

function runItem(run: StoredRun): SourceItem {
  return { kind: 'run', name: run.id, run, digest: digestOf(run) };
}
