import type { SqlRow } from '../../sql/columns.ts';
import type { Connection } from '../connection/connection.ts';
import { readIdentity } from '../store-identity.ts';
import { readHorizon } from './horizon.ts';
import { PLACE, READABLE, TAIL } from './ledger-entries.ts';

/** The oldest changes that may go: the index has seen them, and the newest change stays. */
const OLDEST = `SELECT c.era, c.xid, c.seq, c.at FROM {s}.run_changes c
  WHERE ${READABLE}
    AND ${PLACE} <= (SELECT p.era, p.xid, p.seq FROM {s}.search_position p)
    AND ${PLACE} < (SELECT n.era, n.xid, n.seq FROM {s}.run_changes n
      WHERE n.era < $1::int OR n.xid < $2::xid8 ORDER BY n.era DESC, n.xid DESC, n.seq DESC LIMIT 1)
  ORDER BY c.era, c.xid, c.seq LIMIT $3`;
/**
 * The first place from a transaction on that no transaction stands on both sides of, or the tail where that
 * is later. A change is placed after its transaction where a later one changed its run before.
 *
 * The sum keeps the server from looking for such changes among all of the ledger, from its newest one.
 */
const END = `WITH RECURSIVE reach (xid) AS (
    SELECT $2::xid8
    UNION ALL SELECT further.xid FROM reach CROSS JOIN LATERAL (
      SELECT max(c.xid) AS xid FROM {s}.run_changes c
      WHERE c.era + 0 = $1::int AND c.transaction_xid <= reach.xid AND c.xid > reach.xid
        AND c.xid <> c.transaction_xid
    ) further WHERE further.xid IS NOT NULL
  )
  SELECT e.era, e.xid, e.seq FROM (
    (SELECT c.era, c.xid, c.seq FROM {s}.run_changes c
      WHERE c.era = $1::int AND c.xid = (SELECT max(reach.xid) FROM reach)
      ORDER BY c.seq DESC LIMIT 1)
    UNION ALL SELECT t.era, t.xid, t.seq FROM {s}.ledger_tail t
  ) e ORDER BY e.era DESC, e.xid DESC, e.seq DESC LIMIT 1`;
const LATEST_BETWEEN = `SELECT max(c.at) AS at FROM {s}.run_changes c
  WHERE ${PLACE} > ($1::int, $2::xid8, $3::bigint) AND ${PLACE} <= ($4::int, $5::xid8, $6::bigint)`;
const MOVE = `UPDATE {s}.ledger_tail SET era = $1::int, xid = $2::xid8, seq = $3::bigint,
  at = greatest(at, $4::timestamptz)`;
const FORGET = `DELETE FROM {s}.run_changes c
  USING unnest($1::int[], $2::xid8[], $3::bigint[]) given (era, xid, seq)
  WHERE ${PLACE} = (given.era, given.xid, given.seq)`;

/**
 * Forgets the oldest changes, see `RunStore.trimLedger`. Must be called in a transaction; where somebody else
 * does so, it does nothing. Transactions interleave: up to the first place where all that began have ended,
 * the rest counts as forgotten, and goes with later calls.
 */
export async function trimLedger(db: Connection, before: string, limit: number): Promise<number> {
  const [tail] = await db.rows(`${TAIL} FOR UPDATE SKIP LOCKED`);
  if (tail === undefined) return 0;
  const { era } = await readIdentity(db);
  const oldest = await db.rows(OLDEST, [era, await readHorizon(db), limit]);
  const old = whileBefore(oldest, Date.parse(before));
  const last = old.at(-1);
  if (last === undefined) return 0;
  const [end = last] = await db.rows(END, [last.era, last.xid]);
  if (['era', 'xid', 'seq'].some((name) => end[name] !== tail[name])) {
    const [between] = await db.rows(LATEST_BETWEEN, [...placeOf(last), ...placeOf(end)]);
    const latest = Math.max(
      ...[between, ...old].map((row) => Number(row?.at ?? Number.NEGATIVE_INFINITY)),
    );
    if (latest >= Date.parse(before)) return 0;
    await db.rows(MOVE, [...placeOf(end), new Date(latest)]);
  }
  await db.rows(
    FORGET,
    ['era', 'xid', 'seq'].map((name) => old.map((row) => row[name])),
  );
  return old.length;
}

function whileBefore(rows: readonly SqlRow[], before: number): readonly SqlRow[] {
  const end = rows.findIndex(({ at }) => Number(at) >= before);
  return end === -1 ? rows : rows.slice(0, end);
}

function placeOf({ era, xid, seq }: SqlRow): unknown[] {
  return [era, xid, seq];
}
