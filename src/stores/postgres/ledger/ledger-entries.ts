import { type LedgerPosition, unknownPosition } from '../../../repository/position.ts';
import type {
  ChangesOptions,
  HistoryEntry,
  LedgerEntry,
  PositionOptions,
} from '../../../repository/run-store.ts';
import { readDigest, readText, readTime } from '../../sql/column-values.ts';
import type { SqlRow } from '../../sql/columns.ts';
import { decodeJson } from '../../sql/json-column.ts';
import { unpackJson } from '../../sql/packed-json.ts';
import type { Connection } from '../connection/connection.ts';
import { KnownContents } from '../runs/contents.ts';
import { readIdentity, type StoreIdentity } from '../store-identity.ts';
import { readHorizon } from './horizon.ts';

/** A place in the ledger: of a change, or the tail. */
interface Place {
  era: number;
  xid: string;
  seq: number;
}

/** The tail as long as the ledger is whole. */
const BEGINNING: Place = { era: 0, xid: '0', seq: 0 };
const CURSOR = /^(\d{1,9})-(\d{1,19})-(\d{1,15})$/;

const ENTRY = `SELECT c.era, c.xid, c.seq, c.transaction_xid, c.run_id, c.version, c.operation, c.at,
  c.digest, c.origin`;
/** Where a change stands in the order of the ledger. */
export const PLACE = '(c.era, c.xid, c.seq)';
/** What can be read: see `horizon.ts`. The era and the horizon are the first two values. */
export const READABLE = '(c.era < $1::int OR c.xid < $2::xid8)';
/** The place up to which the ledger is forgotten, with the latest time up to there. */
export const TAIL = 'SELECT t.era, t.xid, t.seq, t.at FROM {s}.ledger_tail t';
/** What is not forgotten. */
const KEPT = `${PLACE} > (SELECT t.era, t.xid, t.seq FROM {s}.ledger_tail t)`;

const NEWEST = `${ENTRY} FROM {s}.run_changes c WHERE ${READABLE}
  ORDER BY c.era DESC, c.xid DESC, c.seq DESC LIMIT 1`;
const AFTER = `FROM {s}.run_changes c
  WHERE ${PLACE} > ($3::int, $4::xid8, $5::bigint) AND ${READABLE}
  ORDER BY c.era, c.xid, c.seq LIMIT $6`;
const AT = `${ENTRY} FROM {s}.run_changes c
  WHERE ${PLACE} = ($1::int, $2::xid8, $3::bigint) AND ${KEPT}`;
const NEWEST_AT = `${ENTRY} FROM {s}.run_changes c
  WHERE c.at <= $3::timestamptz AND ${READABLE} AND ${KEPT}
  ORDER BY c.era DESC, c.xid DESC, c.seq DESC LIMIT 1`;
/** The first transaction before a number that has a change at or behind it: see `ledger-statement.ts`. */
const AROUND = `SELECT min(c.transaction_xid) AS first FROM {s}.run_changes c
  WHERE c.era = $1::int AND c.xid >= $2::xid8 AND c.transaction_xid < $2::xid8`;
/** Beyond every transaction. */
const NO_HORIZON = '18446744073709551615';
const OF_RUN = `${ENTRY}, c.overwrote FROM {s}.run_changes c WHERE c.run_id = $1::uuid
  ORDER BY c.era, c.xid, c.seq`;
const LAST_OF_EACH = `${ENTRY} FROM unnest($1::uuid[]) given (run_id) CROSS JOIN LATERAL (
    SELECT * FROM {s}.run_changes l WHERE l.run_id = given.run_id
    ORDER BY l.era DESC, l.xid DESC, l.seq DESC LIMIT 1
  ) c`;

/** The place of the newest change that can be read, or the newest that no transaction is around. */
export async function readPosition(
  db: Connection,
  { whole = false }: PositionOptions = {},
): Promise<LedgerPosition> {
  const { storeId, epoch, era } = await readIdentity(db);
  let end = await readHorizon(db);
  for (let isTorn = whole; isTorn; ) {
    const [around] = await db.prepared(AROUND, [era, end]);
    const first = around?.first ?? null;
    isTorn = first !== null;
    if (isTorn) end = String(first);
  }
  const [row] = await db.prepared(NEWEST, [era, end]);
  return { storeId, epoch, cursor: row === undefined ? '0' : entryOfRow(row).cursor };
}

/**
 * The changes after a place that can be read, oldest first. Throws POSITION_UNKNOWN for a place that is
 * not one of this ledger: of another store or epoch, before its tail, or one at which nothing stands.
 */
export async function readChanges(
  db: Connection,
  after: LedgerPosition | null,
  limit: number,
  { unsettled = false }: ChangesOptions = {},
): Promise<LedgerEntry[]> {
  const { rows, startAt } = await rowsAfter(db, ENTRY, after, limit, unsettled);
  return inTimeOrder(rows, startAt);
}

/** The same with what they overwrote. */
export async function readPastChanges(
  db: Connection,
  after: LedgerPosition | null,
  limit: number,
): Promise<HistoryEntry[]> {
  const { rows, startAt } = await rowsAfter(db, `${ENTRY}, c.overwrote`, after, limit, false);
  return withOverwritten(db, rows, startAt);
}

async function rowsAfter(
  db: Connection,
  select: string,
  after: LedgerPosition | null,
  limit: number,
  unsettled: boolean,
): Promise<{ rows: SqlRow[]; startAt: number }> {
  const identity = await readIdentity(db);
  for (;;) {
    const start = after === null ? await readTail(db) : placeOf(identity, after);
    const horizon = unsettled ? NO_HORIZON : await readHorizon(db);
    const values = [identity.era, horizon, start.era, start.xid, start.seq, limit];
    const rows = await db.rows(`${select} ${AFTER}`, values);
    // Looked up last: of what is after a place that is known, nothing was forgotten before.
    const place = await findPlace(db, start);
    if (place !== null) return { rows, startAt: place.at };
    if (after !== null) throw unknownPosition();
  }
}

/** The change at a place, or the newest one not after a time; null where there is none. */
export async function readChangeAt(
  db: Connection,
  moment: LedgerPosition | string,
): Promise<LedgerEntry | null> {
  const identity = await readIdentity(db);
  if (typeof moment !== 'string') {
    const place = await findPlace(db, placeOf(identity, moment));
    if (place === null) throw unknownPosition();
    return place.entry;
  }
  const values = [identity.era, await readHorizon(db), moment];
  const [row] = await db.rows(NEWEST_AT, values);
  return row === undefined ? null : entryOfRow(row);
}

/** Every change of one run that is still held, oldest first. */
export async function readHistory(db: Connection, id: string): Promise<HistoryEntry[]> {
  return withOverwritten(db, await db.rows(OF_RUN, [id]));
}

async function withOverwritten(
  db: Connection,
  rows: readonly SqlRow[],
  start?: number,
): Promise<HistoryEntry[]> {
  const images = rows.map(({ overwrote }) =>
    typeof overwrote === 'string' ? decodeJson(overwrote) : null,
  );
  const contents = new KnownContents();
  await contents.learn(db, images);
  // A large image is such a text itself, which may refer to others.
  const unpacked = images.map((image) => image && unpackJson(image, contents.textOf));
  const large = unpacked.map((image) => (typeof image === 'string' ? decodeJson(image) : null));
  await contents.learn(db, large);
  return inTimeOrder(rows, start).map((entry, at) => {
    const inner = large[at] ?? null;
    const image = inner === null ? unpacked[at] : unpackJson(inner, contents.textOf);
    return { ...entry, overwrote: image } as unknown as HistoryEntry;
  });
}

/** The newest change of each of these runs, by run. */
export async function readLastChanges(
  db: Connection,
  ids: readonly string[],
): Promise<Map<string, LedgerEntry>> {
  const rows = await db.rows(LAST_OF_EACH, [ids]);
  return new Map(rows.map((row) => [row.run_id as string, entryOfRow(row)]));
}

/**
 * The entries of these rows. Writers at the same time may have had clocks that differ: in the order of
 * the ledger no time is before the one that stands before it.
 */
function inTimeOrder(rows: readonly SqlRow[], start = Number.NEGATIVE_INFINITY): LedgerEntry[] {
  let latest = start;
  return rows.map((row) => {
    latest = Math.max(latest, Number(row.at));
    return entryOfRow(row, latest);
  });
}

function entryOfRow(row: SqlRow, at = Number(row.at)): LedgerEntry {
  return {
    cursor: `${row.era}-${row.xid}-${row.seq}`,
    transaction: `${row.era}-${row.transaction_xid}`,
    runId: row.run_id as string,
    version: Number(row.version),
    operation: row.operation as LedgerEntry['operation'],
    at: readTime(at) ?? '',
    digest: readDigest(row.digest),
    origin: readText(row.origin) ?? null,
  };
}

/** The place of a position. Throws POSITION_UNKNOWN for one of another ledger. */
function placeOf(identity: StoreIdentity, { storeId, epoch, cursor }: LedgerPosition): Place {
  if (storeId !== identity.storeId || epoch !== identity.epoch) throw unknownPosition();
  if (cursor === '0') return BEGINNING;
  const [, era, xid, seq] = CURSOR.exec(cursor) ?? [];
  if (era === undefined || xid === undefined) throw unknownPosition();
  return { era: Number(era), xid, seq: Number(seq) };
}

/** A place that is known: its time in milliseconds since 1970, and the change there; null at the tail. */
interface KnownPlace {
  at: number;
  entry: LedgerEntry | null;
}

/** Null for a place at which nothing stands, or before the tail. */
async function findPlace(db: Connection, { era, xid, seq }: Place): Promise<KnownPlace | null> {
  const [row] = await db.prepared(AT, [era, xid, seq]);
  if (row !== undefined) return { at: Number(row.at), entry: entryOfRow(row) };
  const tail = await readTail(db);
  const isTail = tail.era === era && tail.xid === xid && tail.seq === seq;
  return isTail ? { at: tail.at, entry: null } : null;
}

async function readTail(db: Connection): Promise<Place & { at: number }> {
  const [{ era, xid, seq, at = null } = {}] = await db.prepared(TAIL, []);
  return {
    era: Number(era),
    xid: String(xid),
    seq: Number(seq),
    at: at === null ? Number.NEGATIVE_INFINITY : Number(at),
  };
}
