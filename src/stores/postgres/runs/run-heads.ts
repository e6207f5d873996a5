import type { RunHead } from '../../../repository/write-operation.ts';
import { HEAD_COLUMNS, headOfRow } from '../../sql/run-head.ts';
import type { Connection } from '../connection/connection.ts';

const HEADS = `SELECT ${HEAD_COLUMNS} FROM {s}.agent_runs r WHERE r.id = ANY($1::uuid[])`;
/** In one order for everybody, so that nobody waits in a circle. */
const LOCKED = `${HEADS} ORDER BY r.id FOR UPDATE`;

/** The heads of these runs that exist, by id; locked until the end of the transaction where asked. */
export async function readHeads(
  db: Connection,
  ids: readonly string[],
  { locked = false }: { locked?: boolean } = {},
): Promise<Map<string, RunHead>> {
  if (ids.length === 0) return new Map();
  const rows = await db.prepared(locked ? LOCKED : HEADS, [ids]);
  return new Map(rows.map((row) => [row.id as string, headOfRow(row)]));
}
