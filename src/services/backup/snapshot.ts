import { digestOf } from '../../domain/canonical.ts';
import { comparePlaces, type RunPlace } from '../../domain/cursor.ts';
import { jsonSize } from '../../domain/json.ts';
import type { StoredRun } from '../../domain/run.ts';
import { BATCH_BYTES, BATCH_RUNS } from '../../repository/batch-limits.ts';
import { type FilesWanted, fileItems } from '../../repository/file-items.ts';
import { placeOf } from '../../repository/pages.ts';
import type { LedgerPosition } from '../../repository/position.ts';
import type { HistoryEntry, LedgerEntry, RunStore } from '../../repository/run-store.ts';
import { setAsideItems } from '../../repository/set-aside-items.ts';
import type { BackupRecord } from './backup-record.ts';
import { ChangedSince, runBeforeChange } from './changed-since.ts';

/** How many changes are read from the ledger at once at most. */
const LEDGER_PIECE = 1_000;
/** How many runs, or changes with what they overwrote, are read at once at most. */
const MOST_AT_ONCE = 200;

/**
 * What a living store held at a moment, as records: runs, what was set aside, changes. Nobody is kept
 * waiting: each run is read as it is, then the ledger is asked what was changed since the moment, and
 * what was is undone. A run is given once.
 *
 * With `base`, an earlier place of the same ledger, only runs that were changed since, and those that
 * were deleted by their ids. Changes are those since `base`, or all that the ledger holds. `moment` is a
 * place that no transaction is around. Memory holds the ids of the runs that are changed meanwhile, and
 * of those changed since `base`. Rejects as the store does, with POSITION_UNKNOWN for a base that the
 * ledger does not reach back to.
 *
 * Files that runs were imported from are in no ledger: they are given as they are when it comes to them, and
 * those that were read since the moment as if they had not been.
 */
export async function* snapshotOf(
  store: RunStore,
  {
    base,
    moment,
    files,
  }: { base: LedgerPosition | null; moment: LedgerPosition; files: Omit<FilesWanted, 'isWanted'> },
): AsyncGenerator<BackupRecord, void, void> {
  const changed = new ChangedSince(store, moment);
  const ids = base && (await idsBetween(store, base, moment));
  yield* ids === null ? allRuns(store, changed) : theseRuns(store, [...ids], changed);
  for (const [id, { entry, wasGiven }] of changed.firstOf) {
    if (ids !== null && !ids.has(id)) continue;
    const run = entry.operation === 'insert' ? null : await runBeforeChange(store, entry);
    if (wasGiven(id, run)) continue;
    if (run !== null) yield runRecord(run);
    else if (ids !== null) yield { kind: 'deleted', id };
  }
  for await (const item of setAsideItems(store)) yield { kind: 'set-aside', item };
  yield* fileItems(store, { ...files, isWanted: () => true });
  const pastChanges = (after: LedgerPosition | null, limit: number) =>
    store.pastChanges(after, limit);
  for await (const change of entriesTo(moment, base, pastChanges)) yield { kind: 'change', change };
}

function runRecord(run: StoredRun): BackupRecord {
  return { kind: 'run', run, digest: digestOf(run) };
}

/** Every run that was not changed since; those that are inserted meanwhile are not run after. */
async function* allRuns(
  store: RunStore,
  changed: ChangedSince,
): AsyncGenerator<BackupRecord, void, void> {
  const all = { filter: {}, limit: BATCH_RUNS, maxBytes: BATCH_BYTES } as const;
  const [newest] = await store.summaries({ ...all, order: 'newest', after: null, limit: 1 });
  let after: RunPlace | null = null;
  while (newest !== undefined && (after === null || comparePlaces(after, newest) < 0)) {
    const page: StoredRun[] = await store.page({ ...all, order: 'oldest', after });
    const given: RunPlace | null = after;
    await changed.look(
      (_, former) => given !== null && former !== null && comparePlaces(former, given) <= 0,
    );
    for (const run of page) if (!changed.firstOf.has(run.id)) yield runRecord(run);
    const last = page.at(-1);
    if (last === undefined) return;
    after = placeOf(last);
  }
}

/** These runs, or that they were deleted, but for those that were changed since. */
async function* theseRuns(
  store: RunStore,
  ids: readonly string[],
  changed: ChangedSince,
): AsyncGenerator<BackupRecord, void, void> {
  const rankOf = new Map(ids.map((id, rank) => [id, rank]));
  for (let first = 0, atOnce = 1; first < ids.length; ) {
    const piece = ids.slice(first, first + atOnce);
    const runs = await store.read(piece);
    const given = first;
    await changed.look((id) => (rankOf.get(id) ?? given) < given);
    for (const id of piece) {
      const run = runs.get(id);
      if (changed.firstOf.has(id)) continue;
      yield run === undefined ? { kind: 'deleted', id } : runRecord(run);
    }
    first += piece.length;
    atOnce = nextPiece(atOnce, [...runs.values()]);
  }
}

async function idsBetween(
  store: RunStore,
  base: LedgerPosition,
  moment: LedgerPosition,
): Promise<Set<string>> {
  const ids = new Set<string>();
  const changes = (after: LedgerPosition | null) => store.changes(after, LEDGER_PIECE);
  for await (const { runId } of entriesTo(moment, base, changes)) ids.add(runId);
  return ids;
}

/** The entries after a place up to the moment, that of the moment among them. */
async function* entriesTo<E extends LedgerEntry>(
  moment: LedgerPosition,
  base: LedgerPosition | null,
  read: (after: LedgerPosition | null, limit: number) => Promise<E[]>,
): AsyncGenerator<E, void, void> {
  // The place before the first change, after which there are only later ones.
  if (moment.cursor === '0') return;
  let after = base;
  for (let atOnce = 1; after?.cursor !== moment.cursor; ) {
    const entries: E[] = await read(after, atOnce);
    for (const entry of entries) {
      yield entry;
      if (entry.cursor === moment.cursor) return;
    }
    const last = entries.at(-1);
    if (last === undefined) return;
    after = { ...moment, cursor: last.cursor };
    atOnce = nextPiece(atOnce, entries);
  }
}

/** How large runs and changes are shows when they are read: pieces begin small. */
function nextPiece(
  atOnce: number,
  read: readonly (StoredRun | LedgerEntry | HistoryEntry)[],
): number {
  return jsonSize(read) < BATCH_BYTES / 2 ? Math.min(2 * atOnce, MOST_AT_ONCE) : 1;
}
