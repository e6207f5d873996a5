import { InvalidRun } from '../invalid-run.ts';
import { words } from './tokenize.ts';

/** What is searched for. */
export interface TextQuery {
  /** As it was typed. */
  readonly text: string;
  /** The tokens that a run must have, every one of them; each once, at least one. */
  readonly terms: readonly string[];
}

/**
 * Reads a query: every word of it must occur, in any order and anywhere in the run. A word stands for
 * its other English forms (`retries` finds `retry`), a code word for itself and every longer chain
 * that it is a part of. Throws `InvalidRun` when there is no word in it.
 */
export function parseTextQuery(text: string): TextQuery {
  const terms = new Set<string>();
  for (const { whole } of words(text)) for (const token of whole) terms.add(token);
  if (terms.size === 0) {
    const problem =
      text.trim() === '' ? 'is empty' : 'holds no word: letters or digits are needed to search for';
    throw new InvalidRun([{ path: 'query', problem }]);
  }
  return { text, terms: [...terms] };
}

/** True when every term is among the tokens. */
export function matchesTokens(query: TextQuery, tokens: ReadonlySet<string>): boolean {
  return query.terms.every((term) => tokens.has(term));
}

/** True when the texts of one run together hold every term. Stops reading when they do. */
export function matchesText(query: TextQuery, texts: readonly string[]): boolean {
  const missing = new Set(query.terms);
  for (const text of texts) {
    for (const { tokens } of words(text)) {
      for (const token of tokens) missing.delete(token);
      if (missing.size === 0) return true;
    }
  }
  return false;
}
