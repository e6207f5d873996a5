import type { SqlValue } from '../sql/columns.ts';
import type { Parameters } from './parameters.ts';

/** One change, before it has a place in the ledger. */
export interface Change {
  runId: string;
  version: number;
  operation: 'insert' | 'update' | 'delete';
  digest: Uint8Array | null;
  /** What it overwrote, encoded; null for an insert. */
  overwrote: string | null;
}

/** When a write is made and for whom. */
export interface WriteMoment {
  /** Milliseconds since 1970. */
  now: number;
  /** As the column holds it. */
  origin: SqlValue;
}

const CHANGE_COLUMNS = ['run_id', 'version', 'operation', 'digest', 'overwrote'] as const;

/** Asked for by itself: joined, the server would expect it to be many rows. */
const ERA = '(SELECT s.era FROM {s}.store_identity s)';

/**
 * The statement that writes changes to the ledger, in their order. Its place is that of the
 * transaction, but never before that of the change before of the same run, whose transaction may have
 * begun later: so the order within a run is that of the ledger. Its time never falls behind what was
 * there when the statement began.
 *
 * The sum keeps the server from looking for the latest change of the era, of whatever run, instead of
 * the few of this run.
 *
 * `source` joins what the changes depend on: a change is written where it holds `g.run_id`.
 */
export function appendChanges(
  parameters: Parameters,
  changes: readonly Change[],
  { now, origin }: WriteMoment,
  source: string,
): string {
  const rows = changes.map((change, at) => [
    change.runId,
    change.version,
    change.operation,
    change.digest,
    change.overwrote,
    at,
  ]);
  const given = parameters.rows([...CHANGE_COLUMNS, 'ordinal'], rows);
  const at = parameters.one(now, 'timestamptz');
  return `INSERT INTO {s}.run_changes
      (era, xid, transaction_xid, run_id, version, operation, digest, overwrote, at, origin)
    SELECT ${ERA},
      greatest(pg_current_xact_id(), (
        SELECT max(c.xid) FROM {s}.run_changes c WHERE c.run_id = g.run_id AND c.era + 0 = ${ERA}
      )),
      pg_current_xact_id(), g.run_id, g.version, g.operation, g.digest, g.overwrote,
      greatest(${at}, (
        SELECT c.at FROM {s}.run_changes c ORDER BY c.era DESC, c.xid DESC, c.seq DESC LIMIT 1
      )),
      ${parameters.one(origin, 'text')}
    FROM (${given}) g (${[...CHANGE_COLUMNS, 'ordinal'].join(', ')})
    ${source}
    ORDER BY g.ordinal`;
}
