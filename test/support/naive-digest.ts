import { createHash } from 'node:crypto';
import { canonicalRun } from '../../src/domain/canonical.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import type { AgentRun } from '../../src/domain/run.ts';

/** The digest of a run by its definition, one string of all of it, as another program would make it. */
export function naiveDigest(run: AgentRun): string {
  return createHash('sha256')
    .update(formOf(JSON.parse(canonicalRun(run))))
    .digest('hex');
}

function formOf(value: JsonValue): string {
  if (typeof value === 'string') {
    const isRaw = value.length >= 256 && value.isWellFormed();
    return isRaw ? `#${new TextEncoder().encode(value).length}:${value}` : JSON.stringify(value);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(formOf).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${formOf(value[key] ?? null)}`).join(',')}}`;
}
