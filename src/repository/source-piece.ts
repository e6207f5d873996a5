import { hash } from 'node:crypto';
import { promisify } from 'node:util';
// As one object: an older Node, which has no zstd, can link this and be told so by the opener.
import * as zlib from 'node:zlib';
import type { SourcePiece } from './imported-file.ts';

/** The bytes of a piece of an imported file; null where they are not what was kept. */
export async function bytesOfPiece(piece: SourcePiece): Promise<Buffer | null> {
  const decompress = promisify(zlib.zstdDecompress);
  // What is wrong with packed bytes is not worth telling: that they are damaged says all.
  const bytes = await decompress(piece.packed).catch(() => null);
  return bytes !== null && hash('sha256', bytes) === piece.hash ? bytes : null;
}
