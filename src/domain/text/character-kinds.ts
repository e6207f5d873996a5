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
/** The sign of an English possessive. */
export const APOSTROPHE = 6;
/** The control character that begins a terminal command. */
export const ESCAPE = 7;

const UNSPACED_CHARACTER =
  /^[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}]&&[\p{L}\p{N}\p{M}]]$/v;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;
const MARK_CHARACTER = /^\p{M}$/u;

/** The kind of each code unit, filled in as they are met. First halves of pairs stay unread. */
const known = new Uint8Array(0x10000);

/**
 * What each code unit of a text means for words, and one `OTHER` for the end. Both halves of a
 * surrogate pair have the kind of their character; a lone one has `OTHER`.
 */
export function characterKinds(text: string): Uint8Array {
  const units = new Uint16Array(text.length);
  Buffer.from(units.buffer).write(text, 'utf16le');
  const kinds = new Uint8Array(text.length + 1);
  const table = known;
  let found = 0;
  // Numbers in typed arrays and no branch: this loop sees every character there is.
  for (let at = 0; at < units.length; at += 1) {
    const kind = table[units[at] ?? 0] ?? UNREAD;
    kinds[at] = kind;
    found |= 1 << kind;
  }
  kinds[text.length] = OTHER;
  if (found & (1 << UNREAD)) readKinds(text, kinds);
  return kinds;
}

/** Reads the characters that the table did not know. */
function readKinds(text: string, kinds: Uint8Array): void {
  for (let at = kinds.indexOf(UNREAD); at !== -1; at = kinds.indexOf(UNREAD, at + 1)) {
    const unit = text.charCodeAt(at);
    const isFirstHalf = (unit & 0xfc00) === 0xd800;
    const kind = kindOf(isFirstHalf ? text.slice(at, at + 2) : text.charAt(at));
    kinds[at] = kind;
    if (!isFirstHalf) known[unit] = kind;
    else if (kind !== OTHER) kinds[at + 1] = kind;
  }
}

function kindOf(character: string): number {
  if (TOKEN_PUNCTUATION.includes(character)) return JOINER;
  if (character === "'" || character === '’') return APOSTROPHE;
  if (character === '\x1b') return ESCAPE;
  if (UNSPACED_CHARACTER.test(character)) return UNSPACED;
  if (LETTER_OR_DIGIT.test(character)) return LETTER;
  return MARK_CHARACTER.test(character) ? MARK : OTHER;
}
