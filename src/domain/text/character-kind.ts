import { TOKEN_PUNCTUATION } from './token-punctuation.ts';

const UNREAD = 0;
const OTHER = 1;
/** A letter or digit of a script that puts spaces between words. */
export const LETTER = 2;
/** A mark: goes on with a word, but begins none. */
export const MARK = 3;
/** Punctuation that can stand within a word. */
export const JOINER = 4;
/** A letter, digit or mark of a script that writes without spaces. */
export const UNSPACED = 5;

const UNSPACED_CHARACTER =
  /^[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}]&&[\p{L}\p{N}\p{M}]]$/v;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;
const MARK_CHARACTER = /^\p{M}$/u;

/** The kind of each code unit, read when it is first met: a table is ten times as fast as a pattern. */
const kinds = new Uint8Array(0x10000);

/** What the character at an offset means for words. Half a surrogate pair, or the end, is nothing. */
export function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const kind = kinds[unit];
  return kind === undefined || kind === UNREAD ? readKind(text, at, unit) : kind;
}

/** How many code units the character at an offset takes. */
export function widthAt(text: string, at: number): number {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1;
}

function readKind(text: string, at: number, unit: number): number {
  if (at >= text.length) return OTHER;
  // A pair is read each time: the table holds single code units.
  if ((unit & 0xfc00) === 0xd800) return kindOf(text.slice(at, at + 2));
  const kind = kindOf(text.charAt(at));
  kinds[unit] = kind;
  return kind;
}

function kindOf(character: string): number {
  if (TOKEN_PUNCTUATION.includes(character)) return JOINER;
  if (UNSPACED_CHARACTER.test(character)) return UNSPACED;
  if (LETTER_OR_DIGIT.test(character)) return LETTER;
  return MARK_CHARACTER.test(character) ? MARK : OTHER;
}
