/** Begins a text that SQL could not hold as it is. */
const MARK = '\uE000';
const UNFIT = /[\0\\\p{Surrogate}]/gu;

/**
 * A text as its column holds it. Nearly always that is the text itself. A text with U+0000 or a lone
 * surrogate, or one that begins with U+E000, is kept as U+E000 and the text with `\uXXXX` for those
 * characters and for backslashes. Whoever compares with a column compares with this.
 */
export function encodeText(text: string): string {
  const fits = text.isWellFormed() && !text.includes('\0') && !text.startsWith(MARK);
  return fits ? text : MARK + text.replace(UNFIT, (unit) => `\\u${hex(unit)}`);
}

/** The text of a column. */
export function decodeText(stored: string): string {
  if (!stored.startsWith(MARK)) return stored;
  return stored
    .slice(1)
    .replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0');
}
