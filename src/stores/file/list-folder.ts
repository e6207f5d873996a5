import { opendirSync } from 'node:fs';
import { breathe } from '../sqlite/breathe.ts';
import { unreadableFolder } from './folder-error.ts';
import { isTemporaryName, OWN_FOLDER } from './folder-names.ts';

/** What a folder has in it. */
export interface FolderListing {
  /** All entries but ours, each once, in no order. */
  names: string[];
  /** Our files that are not in their place yet, or never came there. */
  temporary: string[];
}

/** Entries that are read between two breaths. */
const PIECE = 1_000;

/** Lists a folder. Rejects with MISSING, CORRUPT (no folder), STORE_FAILED. */
export async function listFolder(folder: string): Promise<FolderListing> {
  try {
    using entries = opendirSync(folder, { bufferSize: PIECE });
    const names: string[] = [];
    const temporary: string[] = [];
    let isUnclear = false;
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      const { name } = entry;
      if (isTemporaryName(name)) temporary.push(name);
      else if (name !== OWN_FOLDER) names.push(name);
      // Only names that are not UTF-8 can look the same.
      isUnclear ||= name.includes('\ufffd');
      if (names.length % PIECE === 0) await breathe();
    }
    return { names: isUnclear ? [...new Set(names)] : names, temporary };
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
}
