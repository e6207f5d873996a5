import { createHash } from 'node:crypto';

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds first, so that ids sort by time and insert at the end
 * of an index. `random` gives the other bits: 10 bytes.
 */
export function uuidV7(milliseconds: number, random: Uint8Array): string {
  return timeOrderedUuid(milliseconds, random, 7);
}

/**
 * The id of an imported run: a UUIDv8 (RFC 9562) with 48 bits of milliseconds first and the rest from
 * SHA-256 of the agent and the key that the source gives the prompt. The same run has the same id
 * whenever and wherever it is imported, so that a second import changes nothing. A time before 1970
 * counts as 1970.
 */
export function importedRunId(milliseconds: number, agent: string, sourceKey: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([agent, sourceKey]))
    .digest();
  return timeOrderedUuid(Math.max(0, milliseconds), hash, 8);
}

function timeOrderedUuid(milliseconds: number, bits: Uint8Array, version: 7 | 8): string {
  const time = milliseconds.toString(16).padStart(12, '0');
  const rest = Buffer.from(bits.subarray(0, 10));
  rest[0] = ((rest[0] ?? 0) & 0x0f) | (version << 4);
  rest[2] = ((rest[2] ?? 0) & 0x3f) | 0x80;
  const hex = time + rest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
