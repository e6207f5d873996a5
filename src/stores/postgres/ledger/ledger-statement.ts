import type { SqlValue } from '../../sql/columns.ts';
import type { Parameters } from '../connection/parameters.ts';

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
  /** Milliseconds since 1970, for the stamps of runs. */
  now: number;
  /** The time in the ledger: now, but never before that of an earlier change of this process. */
  at: number;
  /** As the column holds it. */
  origin: SqlValue;
  /** By chance: tells this write from every other. */
  mark: number;
}

const CHANGE_COLUMNS = ['run_id', 'version', 'operation', 'digest', 'overwrote'] as const;
const STAMPED_COLUMNS = [...CHANGE_COLUMNS, 'at', 'origin', 'mark'];
const ORDERED_COLUMNS = [...CHANGE_COLUMNS, 'ordinal'];
const INTO = `INSERT INTO {s}.run_changes
  (era, xid, transaction_xid, ${CHANGE_COLUMNS.join(', ')}, at, origin, mark)`;
/** Asked for by itself: joined, the server would expect it to be many rows. */
const ERA = '(SELECT s.era FROM {s}.store_identity s)';

/**
 * The statement that writes one change to the ledger where `run` holds a row. It must be the whole of its
 * transaction, which then has its number after it has seen the change before of the same run.
 */
export function appendChange(
  parameters: Parameters,
  change: Change,
  { at, origin, mark }: WriteMoment,
): string {
  const given = parameters.rows(STAMPED_COLUMNS, [[...valuesOf(change), at, origin, mark]]);
  return `${INTO} SELECT ${ERA}, pg_current_xact_id(), pg_current_xact_id(), g.*
    FROM (${given}) g, run`;
}

/**
 * The statement that writes changes to the ledger, in their order. The place of each is that of the
 * transaction, but never before that of the change before of the same run, whose transaction may have
 * begun later: so the order within a run is that of the ledger.
 *
 * The sum keeps the server from looking for the latest change of the era, of whatever run, instead of
 * the few of this run.
 */
export function appendChanges(
  parameters: Parameters,
  changes: readonly Change[],
  { at, origin, mark }: WriteMoment,
): string {
  const given = parameters.rows(
    ORDERED_COLUMNS,
    changes.map((change, ordinal) => [...valuesOf(change), ordinal]),
  );
  return `${INTO} SELECT ${ERA},
      greatest(pg_current_xact_id(), (
        SELECT max(c.xid) FROM {s}.run_changes c WHERE c.run_id = g.run_id AND c.era + 0 = ${ERA}
      )),
      pg_current_xact_id(), ${CHANGE_COLUMNS.map((column) => `g.${column}`).join(', ')},
      ${parameters.one(at, 'timestamptz')}, ${parameters.one(origin, 'text')},
      ${parameters.one(mark, 'bigint')}
    FROM (${given}) g (${ORDERED_COLUMNS.join(', ')})
    ORDER BY g.ordinal`;
}

function valuesOf({ runId, version, operation, digest, overwrote }: Change): SqlValue[] {
  return [runId, version, operation, digest, overwrote];
}
