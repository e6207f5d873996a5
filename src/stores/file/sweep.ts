import { breathe } from '../sqlite/breathe.ts';
import { addSignature, GONE, type SignatureSums } from './file-signature.ts';
import { readSignatureSums, readSignatures } from './file-table.ts';
import type { FolderParts } from './folder-parts.ts';
import { listFolder } from './list-folder.ts';
import { lookAtFile } from './look-at-file.ts';

/** Files that are looked at between two breaths. */
const PIECE = 250;
/** Rows that are read at once. */
const ROWS = 5_000;

/** What looking through a folder found. */
export interface Sweep {
  /** The names of all entries that are not as the index saw them last: changed, added or gone. */
  changed: string[];
  /** Our files that are not in their place. */
  temporary: string[];
}

/**
 * Looks through a folder and changes nothing. That nothing changed in it is known by one sum over its
 * files and one over their rows; only otherwise are they compared one by one. Ends early, as if nothing
 * had changed, when `signal` aborts.
 */
export async function sweep({ path, index }: FolderParts, signal?: AbortSignal): Promise<Sweep> {
  const known = await index.read(readSignatureSums);
  const { names, temporary } = await listFolder(path);
  const signatures = new Float64Array(names.length);
  const found: SignatureSums = { count: 0, high: 0, low: 0 };
  for (const [at, name] of names.entries()) {
    if (at % PIECE === 0) await breathe();
    if (signal?.aborted) return { changed: [], temporary };
    const { signature } = lookAtFile(path, name);
    signatures[at] = signature ?? GONE;
    if (signature !== null) addSignature(found, signature);
  }
  const isSame =
    known.count === found.count && known.high === found.high && known.low === found.low;
  return { changed: isSame ? [] : await compareEach(index, names, signatures), temporary };
}

async function compareEach(
  index: FolderParts['index'],
  names: readonly string[],
  signatures: Float64Array,
): Promise<string[]> {
  const found = new Map(names.map((name, at): [string, number] => [name, signatures[at] ?? GONE]));
  const changed: string[] = [];
  for (let after = '', hasMore = true; hasMore; ) {
    const rows = await index.read((db) => readSignatures(db, after, ROWS));
    for (const { name, signature } of rows) {
      if (found.get(name) !== signature) changed.push(name);
      found.delete(name);
      after = name;
    }
    hasMore = rows.length === ROWS;
  }
  for (const [name, signature] of found) if (signature !== GONE) changed.push(name);
  return changed.sort();
}
