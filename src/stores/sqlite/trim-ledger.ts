import type { Connection } from './connection.ts';
import { lastPlace, ledgerTail } from './ledger.ts';
import { searchPosition } from './search-index.ts';

const OLD = `SELECT max(seq) AS seq, count(*) AS changes FROM (
    SELECT seq, at FROM run_changes WHERE seq <= ? ORDER BY seq LIMIT ?
  ) WHERE at < ?`;
/** The first change of each transaction gives it its name. */
const NEXT_TRANSACTION = `SELECT seq FROM run_changes WHERE seq > ? AND seq = transaction_seq
  ORDER BY seq LIMIT 1`;

/**
 * Forgets the oldest changes, see `RunStore.trimLedger`. Must be called in a transaction that has the write
 * lock. The rest of a transaction of which a part is gone counts as forgotten, and goes with later calls.
 */
export function trimLedger(db: Connection, before: number, limit: number): number {
  const newest = lastPlace(db);
  const most = Math.min(searchPosition(db), newest.seq - 1);
  const { seq, changes } = db.get(OLD, [most, limit, before]) ?? {};
  if (typeof seq !== 'number') return 0;
  if (seq > ledgerTail(db).seq) {
    const next = db.get(NEXT_TRANSACTION, [seq])?.seq;
    const end = next === undefined ? newest.seq : Number(next) - 1;
    const at = Number(db.get('SELECT at FROM run_changes WHERE seq = ?', [end])?.at);
    if (at >= before) return 0;
    db.run('UPDATE ledger_tail SET seq = ?, at = ?', [end, at]);
  }
  db.run('DELETE FROM run_changes WHERE seq <= ?', [seq]);
  return Number(changes);
}
