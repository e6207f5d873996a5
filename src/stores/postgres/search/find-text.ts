import { type SqlBool, sql } from 'kysely';
import type { RunPlace } from '../../../domain/cursor.ts';
import type { TextSearchRequest } from '../../../repository/run-store.ts';
import type { Restriction } from '../../sql/run-queries.ts';
import { slot } from '../../sql/slot.ts';
import type { Connection } from '../connection/connection.ts';
import { readPlaces } from '../runs/read-runs.ts';
import { SINCE } from './search-index.ts';

/**
 * Up to so many matches are looked up and sorted; of more, the runs are walked in their order until
 * the page is full, which then comes soon.
 */
const FEW_MATCHES = 5_000;

const COUNTED = `SELECT count(*) AS found FROM (
    SELECT FROM {s}.run_search s WHERE s.tokens @@ $1::tsquery LIMIT ${FEW_MATCHES + 1}
  ) found`;

const SEARCHED = sql.raw('{s}.run_search');
const MATCHES = sql`s.tokens @@ ${slot('match')}::tsquery`;
/** Of a run whose words take several parts, each part may have some of the terms. */
const FOUND_IN_PARTS = sql`SELECT b.run_id FROM ${SEARCHED} b WHERE b.part = 1 AND NOT EXISTS (
    SELECT FROM unnest(string_to_array(${slot('terms')}, ' ')) term WHERE NOT EXISTS (
      SELECT FROM ${SEARCHED} s WHERE s.run_id = b.run_id AND s.tokens @@ term::tsquery
    )
  )`;
const IS_AMONG_FEW = sql<SqlBool>`r.id = ANY (ARRAY(
    SELECT s.run_id FROM ${SEARCHED} s WHERE ${MATCHES} UNION ALL ${FOUND_IN_PARTS}
  ))`;
/** As a value: of EXISTS the server would rather look up all matches at once than a page of runs. */
const IS_AMONG_MANY = sql<SqlBool>`(
    coalesce((SELECT true FROM ${SEARCHED} s WHERE s.run_id = r.id AND ${MATCHES} LIMIT 1), false)
    OR r.id IN (${FOUND_IN_PARTS})
  )`;
/** Runs with changes that the index has not seen: what it says of them may not be true any more. */
const IS_SEEN = sql<SqlBool>`NOT EXISTS (
    SELECT FROM ${sql.raw('{s}.run_changes')} c WHERE c.run_id = r.id AND ${sql.raw(SINCE)}
  )`;

/**
 * The places of the runs whose text the search index knows to match, in the order of the request.
 * `isBehind`: there are changes that it has not seen.
 */
export async function findText(
  db: Connection,
  { query, ...page }: TextSearchRequest,
  isBehind: boolean,
): Promise<RunPlace[]> {
  const terms = query.terms.map(quote);
  const match = terms.join(' & ');
  const [row] = await db.rows(COUNTED, [match]);
  const isFew = Number(row?.found) <= FEW_MATCHES;
  return await readPlaces(
    db,
    page,
    restrictionOf(isFew, isBehind, { match, terms: terms.join(' ') }),
  );
}

function restrictionOf(
  isFew: boolean,
  isBehind: boolean,
  values: Restriction['values'],
): Restriction {
  const isFound = isFew ? IS_AMONG_FEW : IS_AMONG_MANY;
  return {
    name: `${isFew ? 'few' : 'many'} found${isBehind ? ' of those seen' : ''}`,
    condition: isBehind ? sql<SqlBool>`${isFound} AND ${IS_SEEN}` : isFound,
    values,
  };
}

/** A term as a tsquery reads it literally. Our tokens hold no quote, but nothing depends on that. */
function quote(term: string): string {
  return `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
