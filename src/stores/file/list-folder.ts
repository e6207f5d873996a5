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
    // Names that are not UTF-8 may look the same to us.
    const names = new Set(await readdir(folder));
    names.delete(OWN_FOLDER);
    const temporary: string[] = [];
    for (const name of names) if (isTemporaryName(name)) temporary.push(name);
    for (const name of temporary) names.delete(name);
    return { names: [...names], temporary };
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
}
