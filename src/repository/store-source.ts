import { digestOf } from '../domain/canonical.ts';
import { comparePlaces, type RunPlace } from '../domain/cursor.ts';
import type { StoredRun } from '../domain/run.ts';
import { BATCH_BYTES, BATCH_RUNS } from './batch-limits.ts';
import { countRuns } from './count-runs.ts';
import { isRunledgerError } from './errors.ts';
import { FilesThen, fileItems } from './file-items.ts';
import { pages, placeOf } from './pages.ts';
import { pastDigestsOf } from './past-digests.ts';
import type { LedgerPosition } from './position.ts';
import { readInPieces } from './read-in-pieces.ts';
import type { RunSource, SourceItem } from './run-source.ts';
import type { RunStore } from './run-store.ts';
import { isSameStore } from './same-store.ts';
import { setAsideItems } from './set-aside-items.ts';
import { readSourceMark, type SourceMark, writeSourceMark } from './source-mark.ts';

/** How many changes are read from the ledger at once. */
const LEDGER_PIECE = 1_000;
/** Changes that a reader of the ledger does not get yet are few. */
const MOST_UNSETTLED = 10_000;

/**
 * A store as a source: every run, oldest first, with its version and times, then what the ledger
 * says was changed or deleted in the meantime. Without that second part a run that is inserted
 * behind the place where the reader stands would be missed. The store may be written to meanwhile. At
 * the end comes what could not be read as a run: broken files of its own, and what it keeps of others.
 *
 * Its origin is `<kind>:<location>`. A store that ends with its process lies nowhere, and several may
 * be open at once, so there the store's own id stands for the location. Rejects as the store does.
 */
export async function storeSource(store: RunStore): Promise<RunSource> {
  const { kind, location, capabilities } = store;
  const origin = `${kind}:${capabilities.durable ? location : (await store.position()).storeId}`;
  return {
    origin,
    count: () => countRuns(store),
    async *items({ after, until, withSetAside = true, files } = {}) {
      if (until !== undefined) {
        yield* runsUntil(store, readSourceMark(until));
        return;
      }
      const mark: SourceMark =
        after === undefined ? { at: await store.position(), place: null } : readSourceMark(after);
      // Kept before the first run: who begins again must hear what was deleted since.
      if (after === undefined) yield markItem(mark);
      yield* runsAfter(store, mark);
      // Before the last look at the ledger: what was read by then gave runs that it tells of.
      const then = files && (await FilesThen.of(store));
      yield* changesSince(store, mark.at);
      if (!withSetAside) return;
      for await (const item of setAsideItems(store)) yield { kind: 'set-aside', item };
      if (files !== undefined) {
        yield* fileItems(store, { isWanted: files, ...(then && { then }) });
      }
    },
    async knows(mark) {
      try {
        await store.changes(readSourceMark(mark).at, 1);
        return true;
      } catch (error) {
        if (isRunledgerError(error, 'POSITION_UNKNOWN')) return false;
        throw error;
      }
    },
    isStore: (other) => isSameStore(store, other),
    only: (ids) => asTheyAre(store, ids),
    async changedSince(mark) {
      const { at } = readSourceMark(mark);
      const changes = await store.changes(at, MOST_UNSETTLED, { unsettled: true });
      return new Set(changes.map(({ runId }) => runId));
    },
    async pastOf(id) {
      const changes = await store.history(id);
      const [first] = changes;
      return {
        digests: await pastDigestsOf(store, changes),
        // A run that the store found in a file of others, as when its index is made anew, was there before;
        // so was one whose first change is none that made it, because the ledger forgot that.
        isWhole: first?.operation === 'insert' && first.origin !== origin,
      };
    },
  };
}

/** The runs in their order from a mark on, and after each page how far that is. */
async function* runsAfter(
  store: RunStore,
  { at, place }: SourceMark,
): AsyncGenerator<SourceItem, void, void> {
  if (place === 'end') return;
  for await (const page of pagesOf(store, place)) {
    for (const run of page) yield runItem(run);
    const last = page.at(-1);
    if (last !== undefined) yield markItem({ at, place: placeOf(last) });
  }
  yield markItem({ at, place: 'end' });
}

/** The runs in their order up to a mark. */
async function* runsUntil(
  store: RunStore,
  { place: end }: SourceMark,
): AsyncGenerator<SourceItem, void, void> {
  if (end === null) return;
  for await (const page of pagesOf(store, null)) {
    for (const run of page) {
      if (end !== 'end' && comparePlaces(run, end) > 0) return;
      yield runItem(run);
    }
  }
}

function pagesOf(store: RunStore, start: RunPlace | null): AsyncGenerator<StoredRun[], void, void> {
  const request = {
    filter: {},
    order: 'oldest',
    limit: BATCH_RUNS,
    maxBytes: BATCH_BYTES,
  } as const;
  return pages((after) => store.page({ ...request, after }), start);
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
    if (cursor === undefined) return;
    after = { ...start, cursor };
    yield* asTheyAre(store, [...new Set(entries.map(({ runId }) => runId))]);
    yield markItem({ at: after, place: 'end' });
  }
}

async function* asTheyAre(
  store: RunStore,
  ids: readonly string[],
): AsyncGenerator<SourceItem, void, void> {
  for await (const [id, run] of readInPieces(store, ids)) {
    yield run === null ? { kind: 'deleted', id } : runItem(run);
  }
}

function markItem(mark: SourceMark): SourceItem {
  return { kind: 'mark', mark: writeSourceMark(mark) };
}

function runItem(run: StoredRun): SourceItem {
  return { kind: 'run', name: run.id, run, digest: digestOf(run) };
}
