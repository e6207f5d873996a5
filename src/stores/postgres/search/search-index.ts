import { setImmediate } from 'node:timers/promises';
import { WorkUnderWay } from '../../../repository/work-under-way.ts';
import { readText } from '../../sql/column-values.ts';
import type { SqlRow } from '../../sql/columns.ts';
import { tokensOfTexts } from '../../sql/search-tokens.ts';
import type { Connection } from '../connection/connection.ts';
import { readHorizon } from '../ledger/horizon.ts';
import { READABLE } from '../ledger/ledger-entries.ts';
import { readIdentity } from '../store-identity.ts';

/** A tsvector holds no more than a megabyte of words. */
const PART_BYTES = 500_000;
/** Texts of so many runs are held at once. */
const INDEX_AT_ONCE = 25;
/** How many changes are counted that the index has not seen; there may be more. */
const MOST_COUNTED = 1_000_000;

/** The changes after the place that the index has reached. */
export const SINCE =
  '(c.era, c.xid, c.seq) > (SELECT p.era, p.xid, p.seq FROM {s}.search_position p)';
const BEHIND = `SELECT count(*) AS behind FROM (
    SELECT FROM {s}.run_changes c WHERE ${SINCE} AND ${READABLE} LIMIT ${MOST_COUNTED}
  ) unseen`;
const CHANGES = `SELECT c.era, c.xid, c.seq, c.run_id FROM {s}.run_changes c
  WHERE ${SINCE} AND ${READABLE} ORDER BY c.era, c.xid, c.seq LIMIT $3`;
const ONE_AT_A_TIME = 'SELECT FROM {s}.search_position FOR UPDATE';
const MOVE_ON = 'UPDATE {s}.search_position SET era = $1::int, xid = $2::xid8, seq = $3::bigint';
const TEXTS = `SELECT i.run_id, i.prompt, o.message, e.message AS error_message
  FROM {s}.agent_inputs i
  LEFT JOIN {s}.agent_outputs o ON o.run_id = i.run_id
  LEFT JOIN {s}.run_errors e ON e.run_id = i.run_id
  WHERE i.run_id = ANY($1::uuid[])`;
const FORGET = 'DELETE FROM {s}.run_search WHERE run_id = ANY($1::uuid[])';
const INDEX = `INSERT INTO {s}.run_search (run_id, part, tokens)
  SELECT g.run_id, g.part, array_to_tsvector(string_to_array(g.tokens, ' '))
  FROM unnest($1::uuid[], $2::int[], $3::text[]) g (run_id, part, tokens)`;

/** How many changes the search index has not seen yet. */
export async function searchBehind(db: Connection): Promise<number> {
  const { era } = await readIdentity(db);
  const [row] = await db.prepared(BEHIND, [era, await readHorizon(db)]);
  return Number(row?.behind);
}

/**
 * Takes at most so many changes into the search index, and tells how many it took. Must be called in a
 * transaction; of several at once one follows, the others wait. Each run is indexed as it is now, so that
 * its later changes are then done with too.
 */
export async function followChanges(db: Connection, most: number): Promise<number> {
  await db.rows(ONE_AT_A_TIME);
  const { era } = await readIdentity(db);
  const changes = await db.prepared(CHANGES, [era, await readHorizon(db), most]);
  const last = changes.at(-1);
  if (last === undefined) return 0;
  const ids = [...new Set(changes.map((change) => change.run_id as string))].sort();
  await db.rows(FORGET, [ids]);
  // The server takes in words while those of the next texts are found.
  const pieces = new WorkUnderWay();
  for (let first = 0; first < ids.length; first += INDEX_AT_ONCE) {
    const piece = ids.slice(first, first + INDEX_AT_ONCE);
    await pieces.begin(piece, async () => index(db, await db.rows(TEXTS, [piece])));
  }
  await pieces.end();
  await db.rows(MOVE_ON, [last.era, last.xid, last.seq]);
  return changes.length;
}

async function index(db: Connection, texts: readonly SqlRow[]): Promise<void> {
  const ids: string[] = [];
  const parts: number[] = [];
  const tokens: string[] = [];
  // What was asked for before is sent now, and not when all words are found.
  await setImmediate();
  for (const row of texts) {
    const words = tokensOfTexts([row.prompt, row.message, row.error_message].map(readText));
    for (const [part, text] of inParts(words).entries()) {
      ids.push(row.run_id as string);
      parts.push(part);
      tokens.push(text);
    }
  }
  if (ids.length > 0) await db.rows(INDEX, [ids, parts, tokens]);
}

/** The words, each once, in as many texts as the limit of a tsvector asks for; at least one. */
function inParts(words: readonly string[]): string[] {
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const word of new Set(words)) {
    const size = Buffer.byteLength(word) + 8;
    if (bytes + size > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(word);
    bytes += size;
  }
  return parts.map((part) => part.join(' '));
}
