import { type SqlBool, sql } from 'kysely';
import type { RunPlace } from '../../domain/cursor.ts';
import type { TextSearchRequest } from '../../repository/run-store.ts';
import type { Restriction } from '../sql/run-queries.ts';
import { slot } from '../sql/slot.ts';
import type { Connection } from './connection.ts';
import { readPlaces } from './read-runs.ts';
import { searchBehind, searchPosition } from './search-index.ts';

/**
 * Up to so many matches are looked up and sorted; of more, the runs are walked in their order until
 * the page is full, which then comes soon.
 */
const FEW_MATCHES = 5_000;

const FOUND = sql`SELECT rowid FROM run_search WHERE run_search MATCH ${slot('match')}`;
const ROW = sql.ref('r.run_number');
/** Runs with changes that the index has not seen: what it says of them may not be true any more. */
const FRESH = sql`SELECT run_number FROM run_changes WHERE seq > ${slot('seen')}`;

/** The places of the runs whose text the search index knows to match, in the order of the request. */
export function findText(db: Connection, { query, ...page }: TextSearchRequest): RunPlace[] {
  const match = query.terms.map(quote).join(' AND ');
  const counted = `SELECT count(*) AS found FROM
    (SELECT 1 FROM run_search WHERE run_search MATCH ? LIMIT ${FEW_MATCHES + 1})`;
  const found = Number(db.get(counted, [match])?.found);
  if (found === 0) return [];
  const restriction = restrictionOf(found <= FEW_MATCHES, searchBehind(db) > 0, match, db);
  return readPlaces(db, page, restriction);
}

function restrictionOf(few: boolean, behind: boolean, match: string, db: Connection): Restriction {
  // The plus keeps SQLite from starting with the matches.
  const isFound = few ? sql<SqlBool>`${ROW} IN (${FOUND})` : sql<SqlBool>`+${ROW} IN (${FOUND})`;
  return {
    name: `${few ? 'few' : 'many'} found${behind ? ' of those seen' : ''}`,
    condition: behind ? sql<SqlBool>`${isFound} AND ${ROW} NOT IN (${FRESH})` : isFound,
    values: { match, seen: searchPosition(db) },
  };
}

/** A term as FTS5 reads it literally. Our tokens hold no quote, but nothing depends on that. */
function quote(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}
