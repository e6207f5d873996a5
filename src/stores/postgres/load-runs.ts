import type { Connection } from './connection.ts';
import { NewContents } from './contents.ts';
import { encodeRows } from './copy-format.ts';
import { type DigestedRun, insertContents, insertions, rowsOfRuns } from './insert-runs.ts';
import { appendChanges, type WriteMoment } from './ledger-statement.ts';
import { Parameters } from './parameters.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Loads runs that are not stored, by COPY, in the transaction under way. False when somebody else has
 * inserted one of them in the meantime: then nothing was done.
 */
export async function loadRuns(
  db: Connection,
  runs: readonly DigestedRun[],
  moment: WriteMoment,
): Promise<boolean> {
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
    await db.script('ROLLBACK TO before_copy');
    return false;
  }
  const parameters = new Parameters();
  const [content] = insertContents(await contents.rows(db), parameters);
  const change = appendChanges(parameters, insertions(runs), moment, '');
  await db.rows(content === undefined ? change : `WITH ${content} ${change}`, parameters.values);
  return true;
}
