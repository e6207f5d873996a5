import { createReadStream } from 'node:fs';
import { glob, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createZstdDecompress } from 'node:zlib';
import { RunledgerError } from '../../repository/errors.ts';
import type { Transcript } from '../../repository/importer.ts';

/**
 * The files under a folder whose paths in it match one of these patterns, by path; none where there is no
 * such folder. A file that goes meanwhile is left out. Rejects with STORE_FAILED where it cannot be read.
 */
export async function transcriptsUnder(
  folder: string,
  patterns: readonly string[],
): Promise<Transcript[]> {
  if ((await statOf(folder)) === null) return [];
  const found: Transcript[] = [];
  for (const name of (await namesIn(folder, patterns)).sort()) {
    const file = await transcriptAt(join(folder, name));
    if (file !== null) found.push(file);
  }
  return found;
}

/** Files by path, each once: an order that does not hang on how they were given. */
export function byPath(files: readonly Transcript[]): Transcript[] {
  const known = new Map(files.map((file) => [file.path, file]));
  return [...known.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The file at a path; null where there is none. */
export async function transcriptAt(path: string): Promise<Transcript | null> {
  const stats = await statOf(path);
  if (stats === null || !stats.isFile()) return null;
  return transcriptOf(path, { size: stats.size, modifiedAt: Math.trunc(stats.mtimeMs) });
}

/** A file of this size and time. One that is packed ends in `.zst` or `.zstd`. */
export function transcriptOf(
  path: string,
  looks: Pick<Transcript, 'size' | 'modifiedAt'>,
): Transcript {
  return { path, ...looks, bytes: () => bytesOf(path, looks.size) };
}

const CHUNK_BYTES = 256 * 1024;
/** A file may have grown since its size was asked for. */
const LEAST_CHUNK = 16 * 1024;

function bytesOf(path: string, size: number): AsyncIterable<Buffer> {
  return /\.zstd?$/.test(path) ? unpackedBytes(path) : plainBytes(path, size);
}

/** One buffer serves for all pieces, and is no larger than it must be: garbage of that size adds up. */
async function* plainBytes(path: string, size: number): AsyncGenerator<Buffer, void, void> {
  await using file = await open(path, 'r');
  const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(LEAST_CHUNK, size + 1)));
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

function unpackedBytes(path: string): AsyncIterable<Buffer> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpacked = createZstdDecompress();
  packed.once('error', (error) => unpacked.destroy(error));
  return packed.pipe(unpacked);
}

async function namesIn(folder: string, patterns: readonly string[]): Promise<string[]> {
  try {
    return await Array.fromAsync(glob(patterns, { cwd: folder }));
  } catch (cause) {
    throw new RunledgerError('STORE_FAILED', `The folder ${folder} cannot be read.`, { cause });
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw new RunledgerError('STORE_FAILED', `${path} cannot be looked at.`, { cause });
  }
}
