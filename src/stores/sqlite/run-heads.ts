import type { RunHead } from '../../repository/write-operation.ts';
import { digestColumn, readDigest, readTime } from '../sql/column-values.ts';
import { HEAD_COLUMNS, headOfRow } from '../sql/run-head.ts';
import type { Connection } from './connection.ts';

const HEADS = `SELECT ${HEAD_COLUMNS} FROM json_each(?) given
  CROSS JOIN agent_runs r ON r.id = given.value`;

/** The heads of these runs that exist, by id, in one statement. */
export function readHeads(db: Connection, ids: readonly string[]): Map<string, RunHead> {
  const rows = db.all(HEADS, [JSON.stringify(ids)]);
  return new Map(rows.map((row) => [row.id as string, headOfRow(row)]));
}

/** Sets the digest that is kept beside a run to the one that it has, so that a write sees it differ. */
export function setDigest(db: Connection, id: string, digest: string): void {
  db.run('UPDATE agent_runs SET digest = ?1 WHERE id = ?2 AND digest <> ?1', [
    digestColumn(digest),
    id,
  ]);
}

/** What a run has of its store beside its content. */
export interface RunStamps {
  version: number;
  createdAt: string;
  updatedAt: string;
  digest: string;
}

const STAMPS = `SELECT r.id, r.version, r.created_at, r.updated_at, r.digest FROM json_each(?) given
  CROSS JOIN agent_runs r ON r.id = given.value`;

/** The stamps and digests of these runs that exist, by id, in one statement. */
export function readStamps(db: Connection, ids: readonly string[]): Map<string, RunStamps> {
  const rows = db.all(STAMPS, [JSON.stringify(ids)]);
  return new Map(
    rows.map((row) => [
      row.id as string,
      {
        version: Number(row.version),
        createdAt: readTime(row.created_at) ?? '',
        updatedAt: readTime(row.updated_at) ?? '',
        digest: readDigest(row.digest) ?? '',
      },
    ]),
  );
}
