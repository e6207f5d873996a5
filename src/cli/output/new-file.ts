import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../usage-error.ts';

/**
 * Writes a file that appears under its name only when it is whole: a temporary file beside it, then a
 * rename. Rejects with `UsageError` for a folder, for a place in none, and for a file that is there
 * already unless `replace` is true.
 */
export async function writeNewFile(
  path: string,
  replace: boolean,
  write: (append: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await checkPlace(path, replace);
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'wx');
  try {
    try {
      await write((text) => file.appendFile(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function checkPlace(path: string, replace: boolean): Promise<void> {
  const folder = dirname(path);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new UsageError(`There is no folder ${folder}.`, 'Make it first, or name another.');
  }
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new UsageError(`${path} is a folder.`, 'Name a file in it.');
  if (there !== null && !replace) {
    throw new UsageError(`${path} is there already.`, '--force replaces it.');
  }
}

/** A name is safe from a power cut only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and needs none of this.
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
