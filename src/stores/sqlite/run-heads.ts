import type { AgentRun } from '../../domain/run.ts';
import type { RunHead } from '../../repository/write-operation.ts';
import { readDigest } from '../sql/column-values.ts';
import type { Connection } from './connection.ts';

const HEADS = `SELECT r.id, r.version, r.status, r.digest FROM json_each(?) given
  CROSS JOIN agent_runs r ON r.id = given.value`;

/** The heads of these runs that exist, by id, in one statement. */
export function readHeads(db: Connection, ids: readonly string[]): Map<string, RunHead> {
  const heads = new Map<string, RunHead>();
  for (const row of db.all(HEADS, [JSON.stringify(ids)])) {
    const id = row.id as string;
    const status = row.status as AgentRun['status'];
    heads.set(id, {
      id,
      status,
      version: Number(row.version),
      digest: readDigest(row.digest) ?? '',
    });
  }
  return heads;
}
