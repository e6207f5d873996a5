import type { TextQuery } from './text-query.ts';
import { words } from './tokenize.ts';

/** A short piece of a text, cut around what was searched for. */
export interface Snippet {
  /** The piece as it stands in the text, line breaks and all. */
  readonly text: string;
  /** What to highlight: UTF-16 offsets into `text`, start and end, in order and apart. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  /** Text was left out before the piece. */
  readonly truncatedStart: boolean;
  /** Text was left out after the piece. */
  readonly truncatedEnd: boolean;
}

/** A word of the text that a term of the query found. */
interface Hit {
  readonly start: number;
  readonly end: number;
  readonly terms: readonly string[];
}

/** Where a piece begins and ends. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A complete passage is enough; a denser one is looked for this many code units further only. */
const LOOK_AHEAD = 65_536;
/** A piece begins and ends at a space if there is one this near; code may have none. */
const SLACK = 16;

/**
 * Cuts the piece of a text, of up to `length` UTF-16 code units, that holds the most terms of the
 * query, and of those the one with the most hits, and of those the first. A text without any hit
 * gives its beginning. Never halves a surrogate pair.
 */
export function snippet(
  text: string,
  query: TextQuery,
  { length = 160 }: { length?: number } = {},
): Snippet {
  const terms = new Set(query.terms);
  const hits = findHits(text, terms, length);
  const { start, end } = trim(text, densest(hits, length), length);
  const visible = hits.filter((hit) => hit.end > start && hit.start < end);
  return {
    text: text.slice(start, end),
    highlights: visible.map((hit) => [
      Math.max(hit.start, start) - start,
      Math.min(hit.end, end) - start,
    ]),
    truncatedStart: start > 0,
    truncatedEnd: end < text.length,
  };
}

function findHits(text: string, terms: ReadonlySet<string>, length: number): Hit[] {
  const hits: Hit[] = [];
  const lastSeen = new Map<string, number>();
  let enough = Number.POSITIVE_INFINITY;
  for (const { start, end, tokens } of words(text)) {
    if (start > enough) break;
    const found = tokens.filter((token) => terms.has(token));
    if (found.length === 0) continue;
    hits.push({ start, end, terms: found });
    for (const term of found) lastSeen.set(term, start);
    if (enough !== Number.POSITIVE_INFINITY || lastSeen.size < terms.size) continue;
    if (end - Math.min(...lastSeen.values()) <= length) enough = end + length + LOOK_AHEAD;
  }
  return hits;
}

/** From the first to the last hit of the best passage that fits; null without hits. */
function densest(hits: readonly Hit[], length: number): Stretch | null {
  let best: Stretch | null = null;
  let mostTerms = 0;
  let mostHits = 0;
  let first = 0;
  const counts = new Map<string, number>();
  for (const [last, hit] of hits.entries()) {
    for (const term of hit.terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    let begin = hits[first] ?? hit;
    while (begin !== hit && hit.end - begin.start > length) {
      forget(counts, begin);
      first += 1;
      begin = hits[first] ?? hit;
    }
    const count = last - first + 1;
    if (counts.size > mostTerms || (counts.size === mostTerms && count > mostHits)) {
      mostTerms = counts.size;
      mostHits = count;
      best = { start: begin.start, end: hit.end };
    }
  }
  return best;
}

function forget(counts: Map<string, number>, hit: Hit): void {
  for (const term of hit.terms) {
    const left = (counts.get(term) ?? 0) - 1;
    if (left > 0) counts.set(term, left);
    else counts.delete(term);
  }
}

/** Puts a passage into the middle of a piece of that length, without halving words or characters. */
function trim(text: string, passage: Stretch | null, length: number): Stretch {
  const first = passage?.start ?? 0;
  const last = Math.min(passage?.end ?? 0, first + length);
  const before = Math.floor((length - (last - first)) / 2);
  const latest = Math.max(0, text.length - length);
  const start = Math.min(Math.max(0, first - before), latest);
  const end = Math.min(text.length, start + length);
  return { start: trimStart(text, start, first), end: trimEnd(text, end, last) };
}

/** A place to begin at: after the first space, if one is near and before the passage. */
function trimStart(text: string, start: number, first: number): number {
  if (start === 0) return start;
  const from = start - 1;
  const space = text.slice(from, Math.min(start + SLACK, first)).search(/\s/);
  if (space !== -1) return from + space + 1;
  return isHalved(text, start) ? start + 1 : start;
}

/** A place to end at: before the last space, if one is near and after the passage. */
function trimEnd(text: string, end: number, last: number): number {
  if (end === text.length) return end;
  const from = Math.max(end - SLACK, last);
  const space = text.slice(from, end + 1).search(/\s\S*$/);
  if (space !== -1) return from + space;
  return isHalved(text, end) ? end - 1 : end;
}

/** True between the two halves of a surrogate pair. */
function isHalved(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
