import { fromMilliseconds } from '../../domain/time.ts';
import { RunledgerError } from '../../repository/errors.ts';
import { decodePosition, unknownPosition } from '../../repository/position.ts';
import type { LedgerEntry, RunStore } from '../../repository/run-store.ts';

/** A moment of a store: a time in ISO 8601, or right after the change at a position of its ledger. */
export type Moment = { time: string } | { change: string };

/** What happened after a moment. */
export interface LaterChanges {
  /** The transactions that had not taken effect yet. Each is whole: it had, or had not. */
  transactions: ReadonlySet<string>;
  /** The runs that they changed. */
  runIds: ReadonlySet<string>;
  /** How many changes they made. */
  count: number;
  /** The newest change that had taken effect; null before the first one. */
  last: LedgerEntry | null;
}

const PIECE = 1_000;
/** No transaction lasts so long: those of callers are ended after a minute by default. */
const LONGEST_TRANSACTION_MS = 3_600_000;
/**
 * Changes of a transaction that was under way at a moment are not older than this. Where several write at
 * the same time, the ledger tells of transactions in the order in which they began, and not of their
 * changes by time: a transaction back from the moment, one from there to the place of a change, and one
 * more that this change may stand before.
 */
const LOOK_BACK_MS = 3 * LONGEST_TRANSACTION_MS;

/**
 * Reads what a store has done since a moment. `onEntries` is told how many changes have been looked at:
 * those that came after the moment, and in the hours before it. Rejects with POSITION_UNKNOWN for a moment
 * from which the ledger does not reach to now: one of another store or epoch, or before the oldest change
 * that is kept.
 */
export async function readLaterChanges(
  store: RunStore,
  moment: Moment,
  onEntries: (looked: number) => void = () => {},
): Promise<LaterChanges> {
  const place = 'change' in moment ? decodePosition(moment.change) : null;
  const change = place && (await store.changeAt(place));
  const time = 'time' in moment ? Date.parse(moment.time) : null;
  const start = await changeLongBefore(store, change ? Date.parse(change.at) : time);
  // A second time from the tail where a clock was wrong by hours: the change is not where its time says.
  for (const from of [start, null]) {
    const changes = await changesFrom(store, from, { change, time }, onEntries);
    if (changes !== null) return changes;
  }
  throw unknownPosition();
}

/** A change before all that may belong to a transaction under way at a time; null for the tail. */
async function changeLongBefore(store: RunStore, time: number | null): Promise<LedgerEntry | null> {
  if (time === null) return null;
  const since = fromMilliseconds(time - LOOK_BACK_MS);
  return since.ok ? await store.changeAt(since.value) : null;
}

/** Reads on from a change, or from the tail. The moment is a time, or right after a change, or before all. */
async function changesFrom(
  store: RunStore,
  start: LedgerEntry | null,
  { change, time }: { change: LedgerEntry | null; time: number | null },
  onEntries: (looked: number) => void,
): Promise<LaterChanges | null> {
  const changes = new ChangesAround(time === null);
  if (start !== null) changes.addBefore(start);
  let isLater = time === null && change === null;
  let looked = 0;
  for await (const entry of entriesAfter(store, start)) {
    if (time !== null && Date.parse(entry.at) > time) {
      if (start === null && looked === 0) throw beforeTheTail(entry.at);
      isLater = true;
    }
    if (isLater) changes.addLater(entry);
    else changes.addBefore(entry);
    if (entry.cursor === change?.cursor) isLater = true;
    looked += 1;
    onEntries(looked);
  }
  return isLater || time !== null ? changes.settle() : null;
}

async function* entriesAfter(
  store: RunStore,
  start: LedgerEntry | null,
): AsyncGenerator<LedgerEntry, void, void> {
  const identity = await store.position();
  let after = start && { ...identity, cursor: start.cursor };
  for (;;) {
    const piece = await store.changes(after, PIECE);
    yield* piece;
    const last = piece.at(-1);
    if (last === undefined || piece.length < PIECE) return;
    after = { ...identity, cursor: last.cursor };
  }
}

/** One change with its place among those that were looked at. */
interface Placed {
  entry: LedgerEntry;
  ordinal: number;
}

/**
 * The changes before and after a moment, in their order. Where several write at the same time, a
 * transaction may have changes on both sides; then it had not taken effect, and neither had those that
 * changed a run after it.
 */
export class ChangesAround {
  /** Those before the moment whose transaction may not have been over. */
  #recent: Placed[] = [];
  /** Those that belong to the transaction of the last change before the moment. */
  readonly #rest: Placed[] = [];
  readonly #transactions = new Set<string>();
  /** Where each run was changed first by one of them. */
  readonly #firstOf = new Map<string, number>();
  readonly #isAfterChange: boolean;
  #count = 0;
  #ordinal = 0;

  /** True for the moment right after a change: the rest of its transaction took effect with it. */
  constructor(isAfterChange: boolean) {
    this.#isAfterChange = isAfterChange;
  }

  addBefore(entry: LedgerEntry): void {
    this.#recent.push({ entry, ordinal: this.#next() });
    if (this.#recent.length % PIECE !== 0) return;
    const since = Date.parse(entry.at) - LONGEST_TRANSACTION_MS;
    this.#recent = this.#recent.filter((one) => Date.parse(one.entry.at) >= since);
  }

  addLater(entry: LedgerEntry): void {
    const placed = { entry, ordinal: this.#next() };
    const isRest =
      this.#isAfterChange && entry.transaction === this.#recent.at(-1)?.entry.transaction;
    if (isRest) this.#rest.push(placed);
    else this.#undo(placed);
  }

  settle(): LaterChanges {
    let open = [...this.#recent, ...this.#rest];
    for (let before = -1; before !== open.length; ) {
      before = open.length;
      open = open.filter((placed) => {
        const first = this.#firstOf.get(placed.entry.runId) ?? Number.POSITIVE_INFINITY;
        const isUndone = this.#transactions.has(placed.entry.transaction) || first < placed.ordinal;
        if (isUndone) this.#undo(placed);
        return !isUndone;
      });
    }
    return {
      transactions: this.#transactions,
      runIds: new Set(this.#firstOf.keys()),
      count: this.#count,
      last: open.at(-1)?.entry ?? null,
    };
  }

  #undo({ entry, ordinal }: Placed): void {
    this.#transactions.add(entry.transaction);
    this.#firstOf.set(entry.runId, Math.min(ordinal, this.#firstOf.get(entry.runId) ?? ordinal));
    this.#count += 1;
  }

  #next(): number {
    this.#ordinal += 1;
    return this.#ordinal;
  }
}

function beforeTheTail(oldest: string): RunledgerError {
  return new RunledgerError(
    'POSITION_UNKNOWN',
    `The ledger reaches back to ${oldest}, and not to that moment.`,
    { hint: 'Restore a backup of that time.' },
  );
}
