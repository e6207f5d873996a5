import { hash } from 'node:crypto';
// As one object: an older Node, which has no zstd, can link this and be told so by the opener.
import * as zlib from 'node:zlib';
import { RunledgerError } from '../../repository/errors.ts';
import { decodeText, encodeText } from './text-encoding.ts';

/**
 * Texts of at least so many UTF-16 units are kept once, by their hash, instead of in their row. On
 * sessions that repeat their conversation, 128 to 512 make a database a tenth the size of its JSON,
 * 1,024 one of a quarter and 2,048 one of a half; writing and reading take about the same time.
 */
export const LARGE_TEXT_LENGTH = 256;

/** One row of `contents`, without its hash: the bytes of a text, and how they are packed. */
export interface PackedContent {
  /** `plain`: UTF-8 of the encoded text. `zstd`: that, compressed. */
  packing: 'plain' | 'zstd';
  bytes: Uint8Array;
  /** Bytes before packing. */
  size: number;
}

/** What the hash of a text is: SHA-256 over its encoded form in UTF-8, 64 hex digits. */
export function contentHash(text: string): string {
  return hash('sha256', encodeText(text), 'hex');
}

/** A text as `contents` keeps it: compressed where that saves at least a tenth. */
export function packContent(text: string): PackedContent {
  const plain = Buffer.from(encodeText(text));
  const compressed = zlib.zstdCompressSync(plain);
  const helps = compressed.length < plain.length * 0.9;
  return helps
    ? { packing: 'zstd', bytes: compressed, size: plain.length }
    : { packing: 'plain', bytes: plain, size: plain.length };
}

/** The text that `packContent` was given. */
export function unpackContent({ packing, bytes }: Omit<PackedContent, 'size'>): string {
  const plain = packing === 'zstd' ? zlib.zstdDecompressSync(bytes) : bytes;
  return decodeText(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString());
}

/** The failure for a text that is gone. */
export function missingContent(hash: string): RunledgerError {
  return new RunledgerError('CORRUPT', `The large text ${hash} is referred to but not stored.`, {
    hint: 'The database was changed by something else, or is damaged: restore the last backup.',
  });
}
