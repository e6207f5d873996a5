/** Begins a string whose text could not be stored as it is: from the private use area, so rare. */
const MARK = '\uE000';
const MARK_CODE = 0xe000;
/** What no SQL text can hold, and the backslash that the escapes are written with. */
const ESCAPED = /[\0\\\p{Surrogate}]/gu;
const ESCAPE = /\\u([0-9a-f]{4})/g;

/**
 * A string as the SQL stores keep it: as it is, unless it holds U+0000 or a lone surrogate or begins
 * with U+E000. Then U+E000 comes first and those characters stand as `\uXXXX`. SQLite's driver would
 * turn a lone surrogate into U+FFFD without a word, PostgreSQL refuses U+0000. Two strings are equal
 * when their encodings are, so filters compare encoded values.
 */
export function encodeText(text: string): string {
  if (!needsEncoding(text)) return text;
  return MARK + text.replace(ESCAPED, escapeUnit);
}

/** The string that `encodeText` was given. */
export function decodeText(stored: string): string {
  if (stored.charCodeAt(0) !== MARK_CODE) return stored;
  return stored
    .slice(1)
    .replace(ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** True when a string cannot be stored as it is. */
export function needsEncoding(text: string): boolean {
  return !text.isWellFormed() || text.includes('\0') || text.charCodeAt(0) === MARK_CODE;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
