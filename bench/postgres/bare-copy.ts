import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The tables that runs without steps fill, parents before children, with the column of the run. */
const TABLES = [
  ['agent_runs', 'id'],
  ['agent_inputs', 'run_id'],
  ['agent_outputs', 'run_id'],
  ['run_errors', 'run_id'],
  ['run_tags', 'run_id'],
  ['run_changes', 'run_id'],
] as const;

/** The rows of some runs in the binary form of COPY, by table. */
export type CopiedRows = readonly { table: string; bytes: Buffer }[];

/** Reads the rows that a store wrote for these runs. */
export async function readRows(
  client: pg.Client,
  schema: string,
  ids: readonly string[],
): Promise<CopiedRows> {
  const rows: { table: string; bytes: Buffer }[] = [];
  const list = ids.map((id) => `'${id}'`).join(', ');
  for (const [table, key] of TABLES) {
    const query = `SELECT * FROM ${schema}.${table} WHERE ${key} IN (${list})`;
    const stream = client.query(copyTo(`COPY (${query}) TO STDOUT WITH (FORMAT binary)`));
    rows.push({ table, bytes: await buffer(stream) });
  }
  return rows;
}

/** Loads such rows in one transaction that is not waited for. */
export async function loadRows(client: pg.Client, schema: string, rows: CopiedRows): Promise<void> {
  await client.query('BEGIN; SET LOCAL synchronous_commit = off');
  for (const { table, bytes } of rows) {
    const stream = client.query(
      copyFrom(`COPY ${schema}.${table} FROM STDIN WITH (FORMAT binary)`),
    );
    stream.end(bytes);
    await once(stream, 'finish');
  }
  await client.query('COMMIT');
}
