import {
  decideWrite,
  hasChanged,
  idOf,
  type WriteOperation,
  type WriteOutcome,
} from '../../../repository/write-operation.ts';
import { readTime } from '../../sql/column-values.ts';
import type { Connection } from '../connection/connection.ts';
import type { Attempt } from '../connection/database.ts';
import { readHeads } from '../runs/run-heads.ts';
import type { WriteMoment } from './ledger-statement.ts';

const OWN = `SELECT c.run_id, c.version, c.operation, r.created_at
  FROM {s}.run_changes c LEFT JOIN {s}.agent_runs r ON r.id = c.run_id
  WHERE c.run_id = ANY($1::uuid[]) AND c.mark = $2::bigint
  ORDER BY c.era, c.xid, c.seq`;
const RESULTS = { insert: 'inserted', update: 'updated' } as const;

/**
 * What became of a write whose acknowledgement was lost; null when it did not take effect. It left its
 * mark in the ledger with every change that it made: so it is not made twice, whatever others did since.
 * What it left alone is told as it is now.
 */
async function readWrittenBefore(
  db: Connection,
  operations: readonly WriteOperation[],
  { now, mark }: WriteMoment,
): Promise<WriteOutcome[] | null> {
  const ids = operations.map(idOf);
  const rows = await db.rows(OWN, [ids, mark]);
  if (rows.length === 0) return null;
  const heads = await readHeads(db, ids);
  return operations.map((operation): WriteOutcome => {
    const id = idOf(operation);
    // A run that occurs twice left as many changes, in the order of its writes.
    const at = rows.findIndex((row) => row.run_id === id);
    const [row] = at === -1 ? [] : rows.splice(at, 1);
    if (row === undefined) {
      const decision = decideWrite(operation, heads.get(id) ?? null);
      if (decision.do === 'nothing') return decision.outcome;
      return { result: 'conflict', id, over: 'version', found: heads.get(id) ?? null };
    }
    if (row.operation === 'delete') return { result: 'deleted', id };
    const stamp = new Date(now).toISOString();
    return {
      result: RESULTS[row.operation as keyof typeof RESULTS],
      id,
      version: Number(row.version),
      createdAt: readTime(row.created_at) ?? stamp,
      updatedAt: stamp,
    };
  });
}

/** A write that is made again when its connection died, and takes effect once all the same. */
export function notTwice(
  operations: readonly WriteOperation[],
  moment: WriteMoment,
  write: (db: Connection) => Promise<WriteOutcome[]>,
): (db: Connection, attempt: Attempt) => Promise<WriteOutcome[]> {
  return async (db, { mayBeDone }) => {
    const before = mayBeDone ? await readWrittenBefore(db, operations, moment) : null;
    if (before !== null) return before;
    const outcomes = await write(db);
    // The first try may have gone on at the server until now, and taken effect before this one.
    if (!mayBeDone || hasChanged(outcomes)) return outcomes;
    return (await readWrittenBefore(db, operations, moment)) ?? outcomes;
  };
}
