import { breathe } from '../sqlite/breathe.ts';
import { type SignatureSums, sumSignatures } from './file-signature.ts';
import { readSignatureSums, readSignatures } from './file-table.ts';
import type { FolderParts } from './folder-parts.ts';
import { listFolder } from './list-folder.ts';
import { lookAtFile } from './look-at-file.ts';

/** Files that are looked at between two breaths. */
const PIECE = 250;
/** Rows that are read at once. */
const ROWS = 5_000;

/**
 * The names of all entries that are not as the index saw them last: changed, added or gone. Changes
 * nothing. A folder in which nothing changed is known by one sum over its files and one over their rows;
 * only otherwise are they compared one by one. Ends early, with what it found, when `signal` aborts.
 */
export async function findChanged(
  { path, index }: FolderParts,
  signal?: AbortSignal,
): Promise<string[]> {
  const before = await index.read(readSignatureSums);
  const { names } = await listFolder(path);
  const signatures = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    if (at % PIECE === 0) await breathe();
    if (signal?.aborted) return [];
    const { signature } = lookAtFile(path, name);
    if (signature !== null) signatures.set(name, signature);
  }
  if (isSame(before, sumSignatures(signatures.values()))) return [];
  const changed: string[] = [];
  for (let after = '', hasMore = true; hasMore; ) {
    const rows = await index.read((db) => readSignatures(db, after, ROWS));
    for (const { name, signature } of rows) {
      if (signatures.get(name) !== signature) changed.push(name);
      signatures.delete(name);
      after = name;
    }
    hasMore = rows.length === ROWS;
  }
  return [...changed, ...signatures.keys()].sort();
}

function isSame(a: SignatureSums, b: SignatureSums): boolean {
  return a.count === b.count && a.high === b.high && a.low === b.low;
}
