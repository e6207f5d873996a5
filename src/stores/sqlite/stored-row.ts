import { selectRun } from '../sql/run-of-row.ts';
import type { StoredRow } from '../sql/stored-row.ts';
import type { Connection } from './connection.ts';

const ONE_RUN = `${selectRun(['r.run_number'])} WHERE r.id = ?`;
const STEPS = 'SELECT * FROM run_steps WHERE run_id = ? ORDER BY ordinal';

/** The rows of a run; null when there is none. */
export function readStoredRow(db: Connection, id: string, withSteps = true): StoredRow | null {
  const row = db.get(ONE_RUN, [id]);
  if (row === undefined) return null;
  const hasSteps = withSteps && row.step_count !== null;
  return { row, steps: hasSteps ? db.all(STEPS, [id]) : null };
}
