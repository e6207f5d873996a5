import type { JsonValue } from '../../domain/json.ts';
import { type LedgerPosition, unknownPosition } from '../../repository/position.ts';
import type { HistoryEntry, LedgerEntry } from '../../repository/run-store.ts';
import { readDigest, readText, readTime } from '../sql/column-values.ts';
import type { SqlRow } from '../sql/columns.ts';
import { decodeImage } from '../sql/ledger-image.ts';
import type { Connection } from './connection.ts';
import { Contents } from './contents.ts';
import { lastPlace, ledgerTail } from './ledger.ts';
import type { StoreIdentity } from './store-identity.ts';

const ENTRY = `SELECT c.seq, c.transaction_seq, c.run_id, c.version, c.operation, c.at, c.digest, c.origin`;
const TIME = 'SELECT at FROM run_changes WHERE seq = ?';
const AFTER = 'FROM run_changes c WHERE c.seq > ? ORDER BY c.seq LIMIT ?';
const LAST_OF_EACH = `${ENTRY} FROM json_each(?) given CROSS JOIN run_changes c
  ON c.seq = (SELECT max(seq) FROM run_changes WHERE run_id = given.value)`;

/** The place of the newest change. */
export function readPosition(db: Connection, identity: StoreIdentity): LedgerPosition {
  const { seq, at } = lastPlace(db);
  return { ...identity, cursor: cursorOf(seq, at) };
}

/**
 * The changes after a place, oldest first. Throws POSITION_UNKNOWN for a place that is not one of this
 * ledger: of another store or epoch, before its tail, or one at which something else stands.
 */
export function readChanges(
  db: Connection,
  identity: StoreIdentity,
  after: LedgerPosition | null,
  limit: number,
): LedgerEntry[] {
  const seq = after === null ? ledgerTail(db).seq : checkedSeq(db, identity, after);
  return db.all(`${ENTRY} ${AFTER}`, [seq, limit]).map(entryOfRow);
}

/** The same with what they overwrote. */
export function readPastChanges(
  db: Connection,
  identity: StoreIdentity,
  after: LedgerPosition | null,
  limit: number,
): HistoryEntry[] {
  const seq = after === null ? ledgerTail(db).seq : checkedSeq(db, identity, after);
  return withOverwritten(db, db.all(`${ENTRY}, c.overwrote ${AFTER}`, [seq, limit]));
}

/** The change at a place, or the newest one not after a time; null where there is none. */
export function readChangeAt(
  db: Connection,
  identity: StoreIdentity,
  moment: LedgerPosition | string,
): LedgerEntry | null {
  const [where, value] =
    typeof moment === 'string'
      ? ['at <=', Date.parse(moment)]
      : ['seq =', checkedSeq(db, identity, moment)];
  const sql = `${ENTRY} FROM run_changes c WHERE c.${where} ? AND c.seq > ? ORDER BY c.seq DESC LIMIT 1`;
  const row = db.get(sql, [value, ledgerTail(db).seq]);
  return row === undefined ? null : entryOfRow(row);
}

/** Every change of one run that is still held, oldest first. */
export function readHistory(db: Connection, id: string): HistoryEntry[] {
  const sql = `${ENTRY}, c.overwrote FROM run_changes c WHERE c.run_id = ? ORDER BY c.seq`;
  return withOverwritten(db, db.all(sql, [id]));
}

function withOverwritten(db: Connection, rows: readonly SqlRow[]): HistoryEntry[] {
  const { textOf } = new Contents(db);
  return rows.map((row) => {
    const { overwrote } = row;
    const image: JsonValue = typeof overwrote === 'string' ? decodeImage(overwrote, textOf) : null;
    return { ...entryOfRow(row), overwrote: image } as unknown as HistoryEntry;
  });
}

/** The newest change of each of these runs, by run. */
export function readLastChanges(db: Connection, ids: readonly string[]): Map<string, LedgerEntry> {
  const rows = db.all(LAST_OF_EACH, [JSON.stringify(ids)]);
  return new Map(rows.map((row) => [row.run_id as string, entryOfRow(row)]));
}

function entryOfRow(row: SqlRow): LedgerEntry {
  return {
    cursor: cursorOf(Number(row.seq), Number(row.at)),
    transaction: String(row.transaction_seq),
    runId: row.run_id as string,
    version: Number(row.version),
    operation: row.operation as LedgerEntry['operation'],
    at: readTime(row.at) ?? '',
    digest: readDigest(row.digest),
    origin: readText(row.origin) ?? null,
  };
}

/**
 * A place and the time of the change there. The time tells a ledger from an older one that was copied
 * over it: the file is then still the same, but at its places stand other changes.
 */
function cursorOf(seq: number, at: number): string {
  return seq === 0 ? '0' : `${seq}-${at}`;
}

function checkedSeq(db: Connection, identity: StoreIdentity, after: LedgerPosition): number {
  const isOfThisEpoch = after.storeId === identity.storeId && after.epoch === identity.epoch;
  const seq = /^(\d{1,15})(?:--?\d{1,16})?$/.exec(after.cursor)?.[1];
  if (!isOfThisEpoch || seq === undefined) throw unknownPosition();
  const place = Number(seq);
  // The tail itself is known too: nothing after it is missing.
  const tail = ledgerTail(db);
  const { at } = place === tail.seq ? tail : (db.get(TIME, [place]) ?? {});
  const isKnown = place >= tail.seq && cursorOf(place, Number(at)) === after.cursor;
  if (!isKnown) throw unknownPosition();
  return place;
}
