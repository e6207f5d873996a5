import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countOf, formatBytes } from '../output/figures.ts';
import type { Check } from './check.ts';

/** What a file store keeps beside the runs; commands know of stores what docs/operations.md says. */
const OWN_FOLDER = '.runledger';
const INDEX_FILE = 'index.db';
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

/** What is in a folder of run files, and how large the index of it is. */
export async function checkFolder(path: string): Promise<Check> {
  const files = (await readdir(path, { withFileTypes: true })).filter((one) => !one.isDirectory());
  const index = await sizeOf(join(path, OWN_FOLDER, INDEX_FILE));
  const text = `${countOf(files.length, 'file')}, ${index === null ? 'no index yet' : `index ${formatBytes(index)}`}`;
  return { name: 'files', state: 'ok', text };
}

/** Whether what a store writes to may be written: a database with its folder, or a folder with ours. */
export async function checkWritable({
  kind,
  path,
}: {
  kind: 'file' | 'sqlite';
  path: string;
}): Promise<Check> {
  const own = join(path, OWN_FOLDER);
  const besides = kind === 'sqlite' ? [dirname(path)] : (await sizeOf(own)) === null ? [] : [own];
  try {
    for (const place of [path, ...besides]) await access(place, constants.W_OK);
    return { name: 'writable', state: 'ok', text: 'yes' };
  } catch {
    const what =
      kind === 'sqlite' ? 'the file and its folder' : `the folder and ${OWN_FOLDER} in it`;
    const hint = `Reading works. To record runs, let this user write ${what}.`;
    return { name: 'writable', state: 'warning', text: 'no', hint };
  }
}

/** How much room is left where the file lies. */
export async function checkDisk(path: string): Promise<Check> {
  const free = await freeBytes(dirname(path));
  const text = `${formatBytes(free)} free`;
  if (free >= LEAST_FREE_BYTES) return { name: 'disk', state: 'ok', text };
  return { name: 'disk', state: 'warning', text, hint: 'Make room before the disk is full.' };
}

/** How much room is left on the disk that a folder lies on, or will lie on when it is made. */
export async function freeBytes(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      if (at === dirname(at) || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
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
