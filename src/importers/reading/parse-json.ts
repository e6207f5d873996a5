import { endOfString } from '../../domain/lossless-json.ts';

/** What a text holds as JSON; undefined where it is none. */
export interface ParsedJson {
  value: unknown;
  /** NaN or an infinity stood where a value belongs, which JSON does not have: null stands for them. */
  hadNoNumbers: boolean;
}

/** How JSON is read. */
export interface JsonReading {
  /** Integers beyond 2^53 are given as text, digit for digit. By default they become the nearest double. */
  keepsDigits?: boolean;
}

/** Reads JSON, and what programs write that put numbers into it which JSON does not have. */
export function parseJson(
  text: string,
  { keepsDigits = false }: JsonReading = {},
): ParsedJson | undefined {
  const kept = keepsDigits && LONG_NUMBER.test(text) ? outsideStrings(text, quoteIntegers) : text;
  const value = parse(kept);
  if (value !== undefined) return { value, hadNoNumbers: false };
  if (!/NaN|Infinity/.test(kept)) return undefined;
  const repaired = parse(outsideStrings(kept, (part) => part.replace(NO_NUMBER, 'null')));
  return repaired === undefined ? undefined : { value: repaired, hadNoNumbers: true };
}

const NO_NUMBER = /-?\b(?:NaN|Infinity)\b/g;
const LONG_NUMBER = /(?:^|[:,[\s])-?\d{16}/;

function quoteIntegers(part: string): string {
  return part.replace(/(?<![\w.+-])-?\d{16,}(?![\w.])/g, (digits) =>
    Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`,
  );
}

/** The text with its parts between strings changed. It may be long: no pattern goes over a whole string. */
function outsideStrings(text: string, change: (part: string) => string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = indexOr(text.indexOf('"', at), text.length);
    const end = indexOr(endOfString(text, start), text.length) + 1;
    parts.push(change(text.slice(at, start)), text.slice(start, end));
    at = end;
  }
  return parts.join('');
}

function indexOr(index: number, otherwise: number): number {
  return index < 0 ? otherwise : index;
}

/** Undefined for what is no JSON, which has no `undefined`. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
