import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DEFAULT_PLACES } from '../../config/default-places.ts';
import { formatBytes } from '../output/figures.ts';
import { sizeOf } from './check-surroundings.ts';

/** A folder with more files than this is not counted to its end. */
const MOST_FILES = 100_000;

/**
 * Where a relative path may have meant another store: databases of the usual name in the folders
 * above, and a folder of run files here. For people, with their sizes.
 */
export async function otherStores(path: string): Promise<string[]> {
  const found: string[] = [];
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const place = resolve(folder, DEFAULT_PLACES.sqlite);
    const size = place === path ? null : await sizeOf(place).catch(() => null);
    if (size) found.push(`sqlite:${place} (${formatBytes(size)})`);
    if (folder === dirname(folder)) break;
  }
  const files = await runFiles(resolve(DEFAULT_PLACES.file));
  if (files > 0) found.push(`file:${resolve(DEFAULT_PLACES.file)} (${files} files)`);
  return found;
}

/** How many files look like runs; none where there is no such folder. */
async function runFiles(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return names.slice(0, MOST_FILES).filter((name) => name.endsWith('.json')).length;
}
