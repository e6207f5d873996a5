import {
  decideWrite,
  idOf,
  type PutOperation,
  type RunHead,
  stampedRun,
  type WriteOperation,
  type WriteOutcome,
} from '../../repository/write-operation.ts';
import { readTime } from '../sql/column-values.ts';
import type { SqlRow } from '../sql/columns.ts';
import { headOfRow } from '../sql/run-head.ts';
import type { Connection } from './connection.ts';
import { deleteStatement } from './delete-runs.ts';
import { insertStatement } from './insert-runs.ts';
import type { WriteMoment } from './ledger-statement.ts';
import { readStoredRows, SELECT_WHOLE, type StoredRow, storedRowOf } from './stored-rows.ts';
import { updateStatement } from './update-run.ts';
import { outcomeOf } from './write-batch.ts';
import { withLedger, writeAlone } from './write-statement.ts';

/**
 * Does one write without a transaction around it, by statements that each take effect alone: an insert
 * by one, a change of a stored run by two, of which the second does nothing when the run is not any
 * more what the first one read. Then it is read again; nothing is locked while nobody works on it.
 */
export async function writeOne(
  db: Connection,
  operation: WriteOperation,
  moment: WriteMoment,
): Promise<WriteOutcome> {
  const id = idOf(operation);
  // A run that is to have a version is stored already.
  const isNew = operation.kind === 'put' && operation.expect.version === undefined;
  let found: StoredRow | 'inserted' | undefined = isNew
    ? await insertOrRead(db, operation, moment)
    : (await readStoredRows(db, [id])).get(id);
  for (;;) {
    if (found === 'inserted') return insertedOutcome(operation as PutOperation, moment);
    const outcome = await writeFound(db, operation, found, moment);
    if (outcome !== null) return outcome;
    found =
      operation.kind === 'put' && found === undefined
        ? await insertOrRead(db, operation, moment)
        : (await readStoredRows(db, [id])).get(id);
  }
}

/** Writes to what was found; null when it is not that any more. */
async function writeFound(
  db: Connection,
  operation: WriteOperation,
  found: StoredRow | undefined,
  moment: WriteMoment,
): Promise<WriteOutcome | null> {
  const head: RunHead | null = found === undefined ? null : headOfRow(found.row);
  const decision = decideWrite(operation, head);
  if (decision.do === 'nothing') return decision.outcome;
  if (found === undefined || decision.do === 'insert') return null;
  if (decision.do === 'delete' || operation.kind === 'delete') {
    const deleted = await writeAlone(db, await deleteStatement(db, [found]), moment);
    return deleted.size === 0 ? null : { result: 'deleted', id: idOf(operation) };
  }
  const stamps = { now: isoOf(moment), createdAt: readTime(found.row.created_at) };
  const run = stampedRun(operation, decision.version, stamps);
  const after = { run, digest: operation.digest };
  const updated = await writeAlone(db, await updateStatement(db, found, after), moment);
  return updated.size === 0 ? null : outcomeOf('updated', after);
}

/** Inserts a run, or gives what is stored under its id; undefined when that is gone again. */
async function insertOrRead(
  db: Connection,
  operation: PutOperation,
  moment: WriteMoment,
): Promise<StoredRow | 'inserted' | undefined> {
  const { run, digest } = firstVersion(operation, moment);
  const statement = await insertStatement(db, [{ run, digest }]);
  const { parameters } = statement;
  const id = parameters.one(run.id, 'uuid');
  const sql = `${withLedger(statement, moment)}
    SELECT (SELECT count(*) FROM change) AS inserted, stored.*
    FROM (SELECT) one LEFT JOIN (${SELECT_WHOLE} WHERE r.id = ${id}) stored ON true`;
  const [row] = await db.prepared(sql, parameters.values);
  if (row?.inserted === 1) return 'inserted';
  // Null for a run that was inserted by somebody else after this statement began.
  return row === undefined || row.id === null ? undefined : storedRowOf(row as SqlRow);
}

function firstVersion(operation: PutOperation, moment: WriteMoment) {
  const decision = decideWrite({ ...operation, expect: {} }, null);
  const version = decision.do === 'insert' ? decision.version : 1;
  return {
    run: stampedRun(operation, version, { now: isoOf(moment) }),
    digest: operation.digest,
  };
}

function insertedOutcome(operation: PutOperation, moment: WriteMoment): WriteOutcome {
  return outcomeOf('inserted', firstVersion(operation, moment));
}

function isoOf({ now }: WriteMoment): string {
  return new Date(now).toISOString();
}
