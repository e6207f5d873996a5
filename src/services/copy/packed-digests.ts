import { randomInt } from 'node:crypto';

/** What a run should look like on the other side: its digest, or null where it was deleted. */
export type ExpectedDigest = readonly [id: string, digest: string | null];

const ID_BYTES = 16;
const DIGEST_BYTES = 32;
const ENTRY_BYTES = ID_BYTES + DIGEST_BYTES;
/** No run has this digest: the odds are those of a broken SHA-256. */
const DELETED = '0'.repeat(2 * DIGEST_BYTES);

/** The same in 48 bytes each, so that a million runs can be remembered until they are verified. */
export function packDigests(entries: readonly ExpectedDigest[]): Uint8Array {
  const hex = entries.map(([id, digest]) => id.replaceAll('-', '') + (digest ?? DELETED));
  // A copy, because small buffers lie in larger ones, which each would keep in memory.
  return new Uint8Array(Buffer.from(hex.join(''), 'hex'));
}

/** What `packDigests` packed. */
export function unpackDigests(packed: Uint8Array): ExpectedDigest[] {
  const hex = Buffer.from(packed.buffer, packed.byteOffset, packed.length).toString('hex');
  return Array.from({ length: packed.length / ENTRY_BYTES }, (_, index) => {
    const entry = hex.slice(2 * ENTRY_BYTES * index, 2 * ENTRY_BYTES * (index + 1));
    const [id, digest] = [entry.slice(0, 2 * ID_BYTES), entry.slice(2 * ID_BYTES)];
    return [id.replace(UUID_PARTS, '$1-$2-$3-$4-$5'), digest === DELETED ? null : digest];
  });
}

const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** So many of a batch are a sample of it. */
const SAMPLE = 25;

/** A few of these entries, each as likely as any other. */
export function sampleOf(entries: readonly ExpectedDigest[]): ExpectedDigest[] {
  const rest = [...entries];
  const sample: ExpectedDigest[] = [];
  while (sample.length < SAMPLE && rest.length > 0) {
    sample.push(...rest.splice(randomInt(rest.length), 1));
  }
  return sample;
}
