import { stripVTControlCharacters } from 'node:util';

/** Everything that could move the cursor, ring, or turn the direction of the text around. */
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const WHITE_SPACE = /\s+/g;

/**
 * Text from a run, safe to show: a prompt must not be able to drive the terminal. Escape sequences
 * and control characters go, line ends and tabs stay, half a surrogate pair becomes U+FFFD.
 */
export function printable(text: string): string {
  const lines = stripVTControlCharacters(text).replace(/\r\n?|[\u2028\u2029]/g, '\n');
  return lines.replace(UNPRINTABLE, '').toWellFormed();
}

/** The same on one line: each stretch of white space becomes one space. */
export function oneLine(text: string): string {
  return printable(text).replace(WHITE_SPACE, ' ').trim();
}
