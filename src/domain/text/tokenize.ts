import {
  APOSTROPHE,
  characterKinds,
  ESCAPE,
  JOINER,
  LETTER,
  MARK,
  UNSPACED,
} from './character-kinds.ts';
import { tokensOfWord, type WordTokens } from './code-word.ts';
import { segments, tokensOfSegment } from './unspaced-text.ts';

/** One word of a text. `start` and `end` are UTF-16 offsets into the text as it was given. */
export interface Word extends WordTokens {
  readonly start: number;
  readonly end: number;
}

/** Punctuation in a row that still joins two names: enough for `foo::bar` and `https://host`. */
const LONGEST_JOINER = 3;
/** Names in one word; a longer chain is read as several words, so that no word grows with the text. */
const MOST_NAMES = 64;

/** A colour or cursor command of a terminal, whose letters are part of no word. */
const TERMINAL_COMMAND = /\x1b\[[0-9:;<=>?]{0,64}[ -/]{0,8}[@-~]/y;
/** The `'s` of `the user's`, but not that of `b's'`. */
const POSSESSIVE = /['’][sS](?![\p{L}\p{N}\p{M}'’])/uy;

/**
 * The words of any text, in order, each with its tokens. A word is a run of letters and digits, or
 * several joined by punctuation such as `src/run-storage.ts`; punctuation around it, an English `'s`
 * and terminal colours are no part of it. Scripts without spaces are cut by `Intl.Segmenter`.
 *
 * Never throws; time and memory grow with the length of the text, whatever is in it.
 */
export function* words(text: string): Generator<Word, void, undefined> {
  const kinds = characterKinds(text);
  for (let at = nextOfNote(kinds, 0); at < text.length; at = nextOfNote(kinds, at)) {
    const kind = kinds[at];
    if (kind === LETTER) {
      const end = endOfWord(kinds, at);
      const { tokens, whole } = tokensOfWord(text.slice(at, end));
      if (tokens.length > 0) yield { start: at, end, tokens, whole };
      at = kinds[end] === APOSTROPHE ? after(POSSESSIVE, text, end) : end;
    } else if (kind === UNSPACED) {
      const endOfRun = endOfUnspaced(kinds, at);
      for (const { start, end } of segments(text, at, endOfRun)) {
        const { tokens, whole } = tokensOfSegment(text.slice(start, end));
        if (tokens.length > 0) yield { start, end, tokens, whole };
      }
      at = endOfRun;
    } else at = after(TERMINAL_COMMAND, text, at);
  }
}

/** The tokens of a text, in order, those that occur twice twice. See `TOKEN_PUNCTUATION`. */
export function tokenize(text: string): string[] {
  const all: string[] = [];
  for (const { tokens } of words(text)) for (const token of tokens) all.push(token);
  return all;
}

/** The next place where a word or a terminal command begins, or the end. */
function nextOfNote(kinds: Uint8Array, start: number): number {
  const end = kinds.length - 1;
  for (let at = start; at < end; at += 1) {
    const kind = kinds[at];
    if (kind === LETTER || kind === UNSPACED || kind === ESCAPE) return at;
  }
  return end;
}

function endOfWord(kinds: Uint8Array, start: number): number {
  let end = endOfName(kinds, start);
  for (let names = 1; names < MOST_NAMES; names += 1) {
    let next = end;
    while (next < end + LONGEST_JOINER && kinds[next] === JOINER) next += 1;
    if (next === end || kinds[next] !== LETTER) break;
    end = endOfName(kinds, next);
  }
  return end;
}

function endOfName(kinds: Uint8Array, start: number): number {
  let at = start;
  while (kinds[at] === LETTER || kinds[at] === MARK) at += 1;
  return at;
}

function endOfUnspaced(kinds: Uint8Array, start: number): number {
  let at = start;
  while (kinds[at] === UNSPACED) at += 1;
  return at;
}

/** The end of what a sticky pattern matches at a place; the next place when it does not match. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}
