import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { ByteWindow } from '../byte-window.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Zstandard's own sum over what is in a frame tells whether it is whole, also without the rest of a file. */
const OPTIONS = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** The first bytes of a frame. */
export const FRAME_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Those of a frame that readers of Zstandard pass over. */
export const SKIPPED_MAGIC = Buffer.from([0x5e, 0x2a, 0x4d, 0x18]);
/** Its magic and its length. */
export const SKIPPED_HEADER = 8;

/** So many characters are compressed at once. */
const FRAME_CHARACTERS = 1_000_000;
const FIRST_LOOK = 1 << 16;

/** Lines as frames of about a megabyte each; none is in two of them. */
export async function* framesOfLines(
  lines: AsyncIterable<string>,
): AsyncGenerator<Uint8Array, void, void> {
  let text: string[] = [];
  let size = 0;
  for await (const line of lines) {
    text.push(line, '\n');
    size += line.length + 1;
    if (size < FRAME_CHARACTERS) continue;
    yield await frameOf(text.join(''));
    text = [];
    size = 0;
  }
  if (size > 0) yield await frameOf(text.join(''));
}

/** A text as one frame. */
export async function frameOf(text: string): Promise<Uint8Array> {
  return await compress(text, OPTIONS);
}

/** The head of a frame that is passed over and holds so many bytes. */
export function skippedHeader(length: number): Uint8Array {
  const header = Buffer.alloc(SKIPPED_HEADER);
  SKIPPED_MAGIC.copy(header);
  header.writeUInt32LE(length, 4);
  return header;
}

/** The next frame decompressed; null where no whole frame comes next, or what it holds is damaged. */
export async function nextFrame(window: ByteWindow): Promise<Buffer | null> {
  for (let look = FIRST_LOOK; ; look *= 4) {
    const bytes = await window.peek(look);
    const length = lengthOfFrame(bytes);
    if (length === 'more' && bytes.length >= look) continue;
    if (typeof length !== 'number') return null;
    // What is wrong with a frame is not worth telling: that it is broken says all.
    const data = await decompress(bytes.subarray(0, length)).catch(() => null);
    if (data !== null) window.pass(length);
    return data;
  }
}

const NO_BLOCK = 3;
const REPEATED_BYTE = 1;
const MOST_BLOCK_BYTES = 1 << 17;
/** By two bits of the descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];

/** How long the frame at the start of these bytes is (RFC 8878, 3.1.1): `more` where they end before it. */
function lengthOfFrame(bytes: Buffer): number | 'more' | 'none' {
  if (bytes.length < 5) return 'more';
  if (!bytes.subarray(0, 4).equals(FRAME_MAGIC)) return 'none';
  const descriptor = bytes.readUInt8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = SIZE_BYTES[descriptor >> 6] ?? 0;
  let at = 5 + (isSingle ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0);
  at += sizeBytes === 0 && isSingle ? 1 : sizeBytes;
  for (let isLast = false; !isLast; ) {
    if (at + 3 > bytes.length) return 'more';
    const header = bytes.readUIntLE(at, 3);
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    if (kind === NO_BLOCK || size > MOST_BLOCK_BYTES) return 'none';
    isLast = (header & 1) === 1;
    at += 3 + (kind === REPEATED_BYTE ? 1 : size);
  }
  if ((descriptor & 4) !== 0) at += 4;
  return at > bytes.length ? 'more' : at;
}
