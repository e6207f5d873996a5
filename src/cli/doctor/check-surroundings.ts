import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes } from '../output/figures.ts';
import type { Check } from './check.ts';

/** Below this, the next migration or checkpoint may find the disk full. */
const LEAST_FREE_BYTES = 500_000_000;

/** The files that a database at this path consists of. */
export async function checkFiles(path: string): Promise<Check> {
  const sizes: string[] = [];
  for (const [suffix, what] of [
    ['', 'database'],
    ['-wal', 'write-ahead log'],
  ] as const) {
    const size = await sizeOf(path + suffix);
    if (size) sizes.push(`${what} ${formatBytes(size)}`);
  }
  return { name: 'files', state: 'ok', text: sizes.join(', ') };
}

/** Whether the file and its folder may be written. */
export async function checkWritable(path: string): Promise<Check> {
  try {
    for (const place of [path, dirname(path)]) await access(place, constants.W_OK);
    return { name: 'writable', state: 'ok', text: 'yes' };
  } catch {
    const hint = 'Reading works. To record runs, let this user write the file and its folder.';
    return { name: 'writable', state: 'warning', text: 'no', hint };
  }
}

/** How much room is left where the file lies. */
export async function checkDisk(path: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free`;
  if (free >= LEAST_FREE_BYTES) return { name: 'disk', state: 'ok', text };
  return { name: 'disk', state: 'warning', text, hint: 'Make room before the disk is full.' };
}

/** The size of a file, or null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
