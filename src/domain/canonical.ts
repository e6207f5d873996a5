import { hash } from 'node:crypto';
import type { AgentRun } from './run.ts';

/** Fields that say how a run is kept, not what it is: two runs that differ only here are equal. */
const NOT_CONTENT: ReadonlySet<string> = new Set(['version', 'createdAt', 'updatedAt', 'source']);

/**
 * The canonical JSON of a value (RFC 8785): keys in UTF-16 order, numbers as ECMAScript writes them
 * (`-0` as `0`), lone surrogates as `\udXXX`. Members that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '');
}

/** The canonical JSON of what a run is, without `version`, `createdAt`, `updatedAt` and `source`. */
export function canonicalRun(run: AgentRun): string {
  return writeObject(run as unknown as Record<string, unknown>, NOT_CONTENT);
}

/** SHA-256 over `canonicalRun`, 64 hex digits. Equal digests mean equal runs, on every store. */
export function digestOf(run: AgentRun): string {
  return hash('sha256', canonicalRun(run), 'hex');
}

function write(value: unknown, absent: string): string {
  if (value === undefined) return absent;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!Array.isArray(value)) return writeObject(value as Record<string, unknown>);
  let json = '[';
  for (let index = 0; index < value.length; index += 1) {
    json += (index === 0 ? '' : ',') + write(value[index], 'null');
  }
  return `${json}]`;
}

function writeObject(object: Record<string, unknown>, without?: ReadonlySet<string>): string {
  let json = '{';
  for (const key of Object.keys(object).sort()) {
    if (without?.has(key)) continue;
    const member = write(object[key], '');
    if (member === '') continue;
    json += `${json.length > 1 ? ',' : ''}${JSON.stringify(key)}:${member}`;
  }
  return `${json}}`;
}
