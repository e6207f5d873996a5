import { InvalidRun } from './invalid-run.ts';
import type { JsonValue } from './json.ts';

/**
 * Reads JSON and refuses what `JSON.parse` would change in silence: a key that stands twice in one
 * object (the first value would be lost), an integer that a double cannot hold, however it is written
 * (9007199254740993.0 is one), a number that would become infinite or 0. Fractions become the nearest
 * double, as in every reader of JSON. A byte order mark before the text is dropped.
 *
 * Throws `InvalidRun` with one issue: its path is the place in the value, empty where the text as a
 * whole is broken (cut off, followed by other text, no JSON). Time grows with the text; nesting of
 * any depth is read.
 */
export function parseLossless(text: string): JsonValue {
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  const value = parse(json);
  if (value === undefined) throw refusal('', syntaxProblem(json));
  refuseChanges(json);
  return value;
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** An object or array that is open where the scan stands. */
interface Level {
  /** The keys so far; null in an array. */
  keys: Set<string> | null;
  /** In an object: the next string is a key. */
  expectsKey: boolean;
  key: string;
  index: number;
}

function parse(json: string): JsonValue | undefined {
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Goes once through text that is known to be JSON, with a stack of its own instead of calls. */
function refuseChanges(json: string): void {
  const levels: Level[] = [];
  let level: Level | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(json, at);
      if (level?.expectsKey) noteKey(level, levels, json.slice(at + 1, end));
      at = end;
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) {
      const isObject = code === OPENING_BRACE;
      level = { keys: isObject ? new Set() : null, expectsKey: isObject, key: '', index: 0 };
      levels.push(level);
    } else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      levels.pop();
      level = levels.at(-1);
    } else if (code === COMMA && level) {
      level.expectsKey = level.keys !== null;
      level.index += 1;
    } else if (code === MINUS || isDigit(code)) {
      const start = at;
      while (isInNumber(json.charCodeAt(at + 1))) at += 1;
      const problem = at === start ? null : numberProblem(json.slice(start, at + 1));
      if (problem !== null) throw refusal(pathOf(levels), problem);
    }
  }
}

function noteKey(level: Level, levels: readonly Level[], raw: string): void {
  level.key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  level.expectsKey = false;
  if (level.keys?.has(level.key)) {
    throw refusal(pathOf(levels), 'stands twice in one object; only one of the two could be kept');
  }
  level.keys?.add(level.key);
}

const EXPONENT = /[eE]/;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

function numberProblem(token: string): string | null {
  // Up to 15 digits are always exact; only an exponent can carry so short a number out of range.
  if (token.length < 16 && !EXPONENT.test(token)) return null;
  const value = Number(token);
  const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token;
  if (!Number.isFinite(value)) return `is ${shown}, which is beyond the range of a number`;
  const read = decimalOf(token);
  if (value === 0) {
    return read.digits === '' ? null : `is ${shown}, which is so small that it would become 0`;
  }
  if (read.exponent < 0) return null;
  // 1e23 is the name of a double that is not 10^23: whoever wrote it gets it back as it was.
  const isKept = [String(value), String(BigInt(value))].some((written) => {
    const { digits, exponent } = decimalOf(written);
    return digits === read.digits && exponent === read.exponent;
  });
  if (isKept) return null;
  return `is ${shown}, an integer beyond 2^53 that would become ${value}; write it as a string`;
}

/** The value of a number as written, without its sign: its digits without zeros at their ends, x 10^exponent. */
function decimalOf(token: string): { digits: string; exponent: number } {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(token) ?? [];
  const all = `${whole}${fraction}`;
  let end = all.length;
  while (all[end - 1] === '0') end -= 1;
  const digits = all.slice(0, end).replace(/^0+/, '');
  return { digits, exponent: Number(exponent) - fraction.length + all.length - end };
}

/** Says what is wrong with text that is no JSON, from its brackets and strings alone. */
function syntaxProblem(json: string): string {
  if (json.trim() === '') return 'is empty';
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at);
      if (at < 0) return `is cut off: it ends inside a string, after ${json.length} characters`;
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) depth += 1;
    else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      depth -= 1;
      if (depth > 0) continue;
      const isWhole = parse(json.slice(0, at + 1)) !== undefined;
      return isWhole
        ? `is whole up to character ${at + 1}, but has other text behind it`
        : `is no valid JSON up to character ${at + 1}`;
    }
  }
  if (depth === 0) return 'is no JSON';
  return `is cut off: its brackets are still open at its end, after ${json.length} characters`;
}

/** Where the string that begins here has its closing quote; -1 when it has none. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (json.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

/** True for digits and what else a number goes on with: a point, an exponent, its sign. */
function isInNumber(code: number): boolean {
  return (
    isDigit(code) ||
    code === 0x2e ||
    code === 0x65 ||
    code === 0x45 ||
    code === MINUS ||
    code === 0x2b
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function pathOf(levels: readonly Level[]): string {
  const path = levels.map(({ keys, key, index }) => (keys === null ? `[${index}]` : `.${key}`));
  return path.join('').replace(/^\./, '');
}

function refusal(path: string, problem: string): InvalidRun {
  return new InvalidRun([{ path, problem }]);
}
