import { imageOfDelete } from '../../sql/ledger-image.ts';
import { runOfRow } from '../../sql/run-of-row.ts';
import type { StoredRow } from '../../sql/stored-row.ts';
import type { Connection } from '../connection/connection.ts';
import { Parameters } from '../connection/parameters.ts';
import type { Change } from '../ledger/ledger-statement.ts';
import { NewContents } from './contents.ts';
import { insertContents, type WriteStatement } from './write-statement.ts';

const HEAD_COLUMNS = ['id', 'version', 'digest', 'created_at'];

/** The statement that deletes those runs that are still what `stored` says, with their parts. */
export async function deleteStatement(
  db: Connection,
  stored: readonly StoredRow[],
): Promise<WriteStatement> {
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
  const heads = stored.map(({ row }) => HEAD_COLUMNS.map((column) => row[column] ?? null));
  const parts = [
    `run AS (DELETE FROM {s}.agent_runs r
      USING (${parameters.rows(HEAD_COLUMNS, heads)}) h (${HEAD_COLUMNS.join(', ')})
      WHERE r.id = h.id AND r.version = h.version AND r.digest = h.digest
        AND r.created_at = h.created_at
      RETURNING r.id)`,
    'old_tags AS (DELETE FROM {s}.run_tags USING run WHERE run_id = run.id)',
    ...(await insertContents(db, contents, parameters)),
  ];
  return { parts, parameters, changes };
}
