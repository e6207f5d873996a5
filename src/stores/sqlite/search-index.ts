import { readText } from '../sql/column-values.ts';
import type { SqlRow } from '../sql/columns.ts';
import { tokensOfTexts } from '../sql/search-tokens.ts';
import type { Connection } from './connection.ts';
import { lastPlace } from './ledger.ts';

/** A batch ends with the first change after this time: writers wait no longer for it. */
const BATCH_MS = 40;

const CHANGES = `SELECT seq, run_number FROM run_changes
  WHERE seq > ? ORDER BY seq LIMIT ?`;
const INDEX = 'INSERT OR REPLACE INTO run_search (rowid, tokens) VALUES (?, ?)';
const TEXTS = `SELECT i.prompt, o.message, e.message AS error_message
  FROM agent_runs r
  JOIN agent_inputs i ON i.run_id = r.id
  LEFT JOIN agent_outputs o ON o.run_id = r.id
  LEFT JOIN run_errors e ON e.run_id = r.id
  WHERE r.run_number = ?`;

/** How many changes the search index has not seen yet. */
export function searchBehind(db: Connection): number {
  return lastPlace(db).seq - searchPosition(db);
}

/** The last change that the search index has seen. */
export function searchPosition(db: Connection): number {
  return Number(db.get('SELECT seq FROM search_position')?.seq ?? 0);
}

/**
 * Takes at most so many changes into the search index, as many as fit a short time, and tells how many
 * it took. Must be called in a transaction that has the write lock. Each run is indexed as it is now,
 * so that its later changes are then done with too.
 */
export function followChanges(db: Connection, most: number): number {
  const deadline = performance.now() + BATCH_MS;
  const start = searchPosition(db);
  const done = new Set<number>();
  let seq = start;
  for (const change of db.all(CHANGES, [start, most])) {
    const runNumber = Number(change.run_number);
    seq = Number(change.seq);
    if (!done.has(runNumber)) index(db, runNumber);
    done.add(runNumber);
    if (performance.now() > deadline) break;
  }
  if (seq !== start) db.run('UPDATE search_position SET seq = ?', [seq]);
  return seq - start;
}

function index(db: Connection, runNumber: number): void {
  const texts = db.get(TEXTS, [runNumber]);
  if (texts === undefined) db.run('DELETE FROM run_search WHERE rowid = ?', [runNumber]);
  else db.run(INDEX, [runNumber, tokensOf(texts)]);
}

function tokensOf({ prompt, message, error_message }: SqlRow): string {
  return tokensOfTexts([prompt, message, error_message].map(readText)).join(' ');
}
