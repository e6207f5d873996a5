import {
  decideWrite,
  idOf,
  stampedRun,
  type WriteOperation,
  type WriteOutcome,
} from '../../../repository/write-operation.ts';
import { readTime } from '../../sql/column-values.ts';
import { headOfRow } from '../../sql/run-head.ts';
import type { StoredRow } from '../../sql/stored-row.ts';
import type { Connection } from '../connection/connection.ts';
import type { WriteMoment } from '../ledger/ledger-statement.ts';
import { deleteStatement } from './delete-runs.ts';
import { insertStatement } from './insert-runs.ts';
import type { RecentIds } from './recent-ids.ts';
import { readStoredRows } from './stored-rows.ts';
import { updateStatement } from './update-run.ts';
import { outcomeOf } from './write-batch.ts';
import { writeAlone } from './write-statement.ts';

/**
 * Does one write without a transaction around it, by statements that each take effect alone: an insert
 * by one, a change of a stored run by two, of which the second does nothing when the run is not any
 * more what the first one read. Then it is read again; nothing is locked while nobody works on it.
 */
export async function writeOne(
  db: Connection,
  operation: WriteOperation,
  moment: WriteMoment,
  recent: RecentIds,
): Promise<WriteOutcome> {
  const id = idOf(operation);
  // A run that is to have a version is stored already.
  let isStored =
    operation.kind === 'delete' || operation.expect.version !== undefined || recent.has(id);
  for (;;) {
    const found = isStored ? ((await readStoredRows(db, [id])).get(id) ?? null) : null;
    const outcome = await writeFound(db, operation, found, moment);
    if (outcome?.result === 'deleted' || outcome?.result === 'absent') recent.delete(id);
    else if (outcome?.result !== 'conflict') recent.add(id);
    if (outcome !== null) return outcome;
    isStored = true;
  }
}

/** Writes to what was found; null when it is not that, or not any more. */
async function writeFound(
  db: Connection,
  operation: WriteOperation,
  found: StoredRow | null,
  moment: WriteMoment,
): Promise<WriteOutcome | null> {
  const decision = decideWrite(operation, found && headOfRow(found.row));
  if (decision.do === 'nothing') return decision.outcome;
  if (decision.do === 'delete' || operation.kind === 'delete') {
    if (found === null) return null;
    const isDone = await writeAlone(db, await deleteStatement(db, [found]), moment);
    return isDone ? { result: 'deleted', id: idOf(operation) } : null;
  }
  const createdAt = found === null ? undefined : readTime(found.row.created_at);
  const run = stampedRun(operation, decision.version, { now: isoOf(moment), createdAt });
  const after = { run, digest: operation.digest };
  const [result, statement] =
    found === null
      ? (['inserted', await insertStatement(db, [after])] as const)
      : (['updated', await updateStatement(db, found, after)] as const);
  return (await writeAlone(db, statement, moment)) ? outcomeOf(result, after) : null;
}

function isoOf({ now }: WriteMoment): string {
  return new Date(now).toISOString();
}
