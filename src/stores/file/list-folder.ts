import { readdir } from 'node:fs/promises';
import { unreadableFolder } from './folder-error.ts';
import { isTemporaryName, OWN_FOLDER } from './folder-names.ts';

/** What a folder has in it. */
export interface FolderListing {
  /** All entries but ours, each once, in no order. */
  names: string[];
  /** Our files that are not in their place yet, or never came there. */
  temporary: string[];
}

/** Lists a folder. Rejects with MISSING, CORRUPT (no folder), STORE_FAILED. */
export async function listFolder(folder: string): Promise<FolderListing> {
  try {
    const all = await readdir(folder);
    const names = all.filter((name) => name !== OWN_FOLDER && !isTemporaryName(name));
    const temporary = all.length === names.length ? [] : all.filter(isTemporaryName);
    // Only names that are not UTF-8 can look the same.
    const isUnclear = names.some((name) => name.includes('\ufffd'));
    return { names: isUnclear ? [...new Set(names)] : names, temporary };
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
}
