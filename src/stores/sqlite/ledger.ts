import { digestColumn, textColumn } from '../sql/column-values.ts';
import type { SqlRow } from '../sql/columns.ts';
import type { Connection } from './connection.ts';

/** One change, before it has a place. */
export interface Change {
  runId: string;
  runNumber: number;
  version: number;
  operation: 'insert' | 'update' | 'delete';
  digest: string | null;
  /** What it overwrote, encoded; null for an insert. */
  overwrote: string | null;
}

const APPEND = `INSERT INTO run_changes (seq, transaction_seq, run_id, run_number, version, operation,
  at, digest, origin, overwrote) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The end of the ledger, inside a transaction that has the write lock. */
export class Ledger {
  /** The time of the changes written here: now, but never before that of the change before. */
  readonly at: number;
  readonly #db: Connection;
  readonly #origin: string | null;
  readonly #transaction: number;
  #seq: number;

  /** `transaction` is the first place of a transaction that began earlier. */
  constructor(db: Connection, now: number, origin: string | null, transaction?: number) {
    const last = lastPlace(db);
    this.#db = db;
    this.#origin = textColumn(origin);
    this.#seq = last.seq;
    this.#transaction = transaction ?? last.seq + 1;
    this.at = Math.max(now, last.at);
  }

  append({ runId, runNumber, version, operation, digest, overwrote }: Change): void {
    this.#seq += 1;
    this.#db.run(APPEND, [
      this.#seq,
      this.#transaction,
      runId,
      runNumber,
      version,
      operation,
      this.at,
      digest === null ? null : digestColumn(digest),
      this.#origin,
      overwrote,
    ]);
  }
}

/** A place in the ledger, and the time there in milliseconds since 1970. */
export interface LedgerPlace {
  seq: number;
  at: number;
}

/** The newest place in the ledger; 0 and the beginning of time where it is empty. */
export function lastPlace(db: Connection): LedgerPlace {
  return placeOfRow(db.get('SELECT seq, at FROM run_changes ORDER BY seq DESC LIMIT 1'));
}

/** The place up to which the ledger is forgotten; 0 and the beginning of time where it is whole. */
export function ledgerTail(db: Connection): LedgerPlace {
  return placeOfRow(db.get('SELECT seq, at FROM ledger_tail WHERE seq > 0'));
}

function placeOfRow(row: SqlRow | undefined): LedgerPlace {
  if (row === undefined) return { seq: 0, at: Number.NEGATIVE_INFINITY };
  return { seq: Number(row.seq), at: Number(row.at) };
}
