import type { RunPart } from '../../sql/part-tables.ts';
import type { Connection } from '../connection/connection.ts';
import { Parameters } from '../connection/parameters.ts';
import { CONTENT_COLUMNS, NewContents } from './contents.ts';
import { encodeRows } from './copy-format.ts';
import { rowsOfRuns } from './insert-runs.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Loads runs that are not stored, by COPY, in the transaction under way and still without the ledger.
 * False when somebody else has inserted one of them in the meantime: then nothing was done.
 */
export async function loadRuns(db: Connection, runs: readonly RunPart[]): Promise<boolean> {
  const contents = new NewContents();
  const tables = rowsOfRuns(runs, contents);
  await db.script('SAVEPOINT before_copy');
  try {
    for (const { table, columns, rows } of tables) {
      const sql = `COPY {s}.${table} (${columns.join(', ')}) FROM STDIN WITH (FORMAT binary)`;
      await db.copy(sql, encodeRows(columns, rows));
    }
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    await db.script('ROLLBACK TO before_copy; RELEASE before_copy');
    return false;
  }
  await db.script('RELEASE before_copy');
  await keepContents(db, contents);
  return true;
}

/** Texts may be there, and others may be keeping the same ones: COPY cannot leave them out. */
async function keepContents(db: Connection, contents: NewContents): Promise<void> {
  const rows = await contents.rows(db);
  if (rows.length === 0) return;
  const parameters = new Parameters();
  const given = parameters.rows(CONTENT_COLUMNS, rows);
  const sql = `INSERT INTO {s}.contents (${CONTENT_COLUMNS.join(', ')}) ${given}
    ON CONFLICT DO NOTHING`;
  await db.rows(sql, parameters.values);
}
