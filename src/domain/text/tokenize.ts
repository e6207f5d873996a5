import { JOINER, kindAt, LETTER, MARK, UNSPACED, widthAt } from './character-kind.ts';
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

const ESCAPE = 0x1b;
const APOSTROPHES: readonly number[] = [0x27, 0x2019];
/** A colour or cursor command of a terminal, whose letters are part of no word. */
const TERMINAL_COMMAND = /\x1b\[[0-9:;<=>?]{0,64}[ -/]{0,8}[@-~]/y;

/**
 * The words of any text, in order, each with its tokens. A word is a run of letters and digits, or
 * several joined by punctuation such as `src/run-storage.ts`; punctuation around it, an English `'s`
 * and terminal colours are no part of it. Scripts without spaces are cut by `Intl.Segmenter`.
 *
 * Never throws; the time grows with the length of the text and the memory does not.
 */
export function* words(text: string): Generator<Word, void, undefined> {
  for (let at = 0; at < text.length; ) {
    const kind = kindAt(text, at);
    if (kind === LETTER) {
      const end = endOfWord(text, at);
      const { tokens, whole } = tokensOfWord(text, at, end);
      if (tokens.length > 0) yield { start: at, end, tokens, whole };
      at = afterPossessive(text, end);
    } else if (kind === UNSPACED) {
      const endOfRun = skip(text, at, UNSPACED, UNSPACED);
      for (const { start, end } of segments(text, at, endOfRun)) {
        const { tokens, whole } = tokensOfSegment(text, start, end);
        if (tokens.length > 0) yield { start, end, tokens, whole };
      }
      at = endOfRun;
    } else if (text.charCodeAt(at) === ESCAPE) at = afterCommand(text, at);
    else at += 1;
  }
}

/** The tokens of a text, in order, those that occur twice twice. See `TOKEN_PUNCTUATION`. */
export function tokenize(text: string): string[] {
  const all: string[] = [];
  for (const { tokens } of words(text)) for (const token of tokens) all.push(token);
  return all;
}

function endOfWord(text: string, start: number): number {
  let end = skip(text, start, LETTER, MARK);
  for (let names = 1; names < MOST_NAMES; names += 1) {
    let next = end;
    while (next < end + LONGEST_JOINER && kindAt(text, next) === JOINER) next += 1;
    if (next === end || kindAt(text, next) !== LETTER) break;
    end = skip(text, next, LETTER, MARK);
  }
  return end;
}

/** The end of the characters of these two kinds. */
function skip(text: string, start: number, kind: number, orKind: number): number {
  let at = start;
  for (;;) {
    const found = kindAt(text, at);
    if (found !== kind && found !== orKind) return at;
    at += widthAt(text, at);
  }
}

/** Steps over the `'s` of `the user's`, but not over the text in `b's'`. */
function afterPossessive(text: string, end: number): number {
  if (!APOSTROPHES.includes(text.charCodeAt(end))) return end;
  if (text.charAt(end + 1).toLowerCase() !== 's') return end;
  const next = kindAt(text, end + 2);
  const goesOn = next === LETTER || next === MARK || next === UNSPACED;
  return goesOn || APOSTROPHES.includes(text.charCodeAt(end + 2)) ? end : end + 2;
}

function afterCommand(text: string, at: number): number {
  TERMINAL_COMMAND.lastIndex = at;
  return TERMINAL_COMMAND.test(text) ? TERMINAL_COMMAND.lastIndex : at + 1;
}
