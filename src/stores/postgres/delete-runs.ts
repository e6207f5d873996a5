import { imageOfDelete } from '../sql/ledger-image.ts';
import { runOfRow } from '../sql/run-of-row.ts';
import type { Connection } from './connection.ts';
import { NewContents } from './contents.ts';
import { insertContents } from './insert-runs.ts';
import { appendChanges, type Change, type WriteMoment } from './ledger-statement.ts';
import { Parameters } from './parameters.ts';
import type { StoredRow } from './stored-rows.ts';

/**
 * Deletes runs by one statement, with their parts and their changes in the ledger. Gives the ids of those
 * that were still what `stored` says; nothing was done about the others.
 */
export async function deleteRuns(
  db: Connection,
  stored: readonly StoredRow[],
  moment: WriteMoment,
): Promise<Set<string>> {
  const contents = new NewContents();
  const parameters = new Parameters();
  const changes = stored.map(({ row, steps }): Change => {
    const before = runOfRow(row);
    return {
      runId: before.id,
      version: before.version,
      operation: 'delete',
      digest: null,
      overwrote: imageOfDelete({ before, stepsBefore: steps }, contents.keep),
    };
  });
  const heads = stored.map(({ row }) => [
    row.id ?? null,
    row.version ?? null,
    row.digest ?? null,
    row.created_at ?? null,
  ]);
  const columns = ['id', 'version', 'digest', 'created_at'];
  const source = 'JOIN run ON run.id = g.run_id';
  const parts = [
    `run AS (DELETE FROM {s}.agent_runs r
      USING (${parameters.rows(columns, heads)}) h (${columns.join(', ')})
      WHERE r.id = h.id AND r.version = h.version AND r.digest = h.digest
        AND r.created_at = h.created_at
      RETURNING r.id)`,
    'old_tags AS (DELETE FROM {s}.run_tags USING run WHERE run_id = run.id)',
    ...insertContents(await contents.rows(db), parameters),
    `change AS (${appendChanges(parameters, changes, moment, source)} RETURNING run_id)`,
  ];
  const sql = `WITH ${parts.join(',\n')} SELECT run_id FROM change`;
  const rows = await db.prepared(sql, parameters.values);
  return new Set(rows.map((row) => row.run_id as string));
}
