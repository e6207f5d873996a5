import { JsonDigest } from './json-digest.ts';
import type { AgentRun } from './run.ts';

/** Fields that say how a run is kept, not what it is: two runs that differ only here are equal. */
const NOT_CONTENT: ReadonlySet<string> = new Set(['version', 'createdAt', 'updatedAt', 'source']);

/** Takes JSON in pieces. */
interface JsonOutput {
  add(json: string): void;
  /** A string that is a value, not a key. */
  text(text: string): void;
}

/**
 * The canonical JSON of a value (RFC 8785): keys in UTF-16 order, numbers as ECMAScript writes them
 * (`-0` as `0`), lone surrogates as `\udXXX`. Members that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  const output = new JsonText();
  if (value !== undefined) write(output, value);
  return output.value;
}

/** The canonical JSON of what a run is, without `version`, `createdAt`, `updatedAt` and `source`. */
export function canonicalRun(run: AgentRun): string {
  const output = new JsonText();
  writeObject(output, run, NOT_CONTENT);
  return output.value;
}

/**
 * SHA-256 over `canonicalRun`, 64 hex digits, in which each well-formed text of `RAW_TEXT_LENGTH` UTF-16
 * units or more stands as `#`, its length in UTF-8 bytes, `:` and that UTF-8 instead of being escaped.
 * Equal digests mean equal runs, on every store. `docs/decisions/0007-digest.md` says why.
 */
export function digestOf(run: AgentRun): string {
  const output = new JsonDigest();
  writeObject(output, run, NOT_CONTENT);
  return output.hex();
}

class JsonText implements JsonOutput {
  value = '';

  add(json: string): void {
    this.value += json;
  }

  text(text: string): void {
    this.value += JSON.stringify(text);
  }
}

function write(output: JsonOutput, value: unknown): void {
  if (typeof value === 'string') output.text(value);
  else if (typeof value !== 'object' || value === null) output.add(JSON.stringify(value ?? null));
  else if (Array.isArray(value)) writeArray(output, value);
  else writeObject(output, value);
}

function writeArray(output: JsonOutput, array: readonly unknown[]): void {
  output.add('[');
  for (let index = 0; index < array.length; index += 1) {
    if (index > 0) output.add(',');
    write(output, array[index]);
  }
  output.add(']');
}

function writeObject(output: JsonOutput, object: object, without?: ReadonlySet<string>): void {
  const members = object as Readonly<Record<string, unknown>>;
  let before = '{';
  for (const key of Object.keys(members).sort()) {
    const value = members[key];
    if (value === undefined || without?.has(key)) continue;
    output.add(`${before}${JSON.stringify(key)}:`);
    write(output, value);
    before = ',';
  }
  output.add(before === '{' ? '{}' : '}');
}
