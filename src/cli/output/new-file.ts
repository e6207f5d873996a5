import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritablePlace } from '../../services/backup/place-failure.ts';
import { UsageError } from '../usage-error.ts';

/** How a file is written. */
export interface NewFileOptions {
  /** Whether one that is there already is replaced. */
  replace: boolean;
  /** What to do about one that is there and is not replaced. */
  orElse: string;
  /** Is given the path of what was written before it gets its name, and may reject it. */
  check?: (written: string) => Promise<void>;
}

/** The temporary name of a file: its own, and the process that writes it. */
export const TEMPORARY = /^(.+)\.(\d+)\.tmp$/;

/**
 * Writes a file that appears under its name only when it is whole: a temporary file beside it, then a
 * rename. Rejects with `UsageError` for a folder, for a place in none, and for a file that is there
 * already and is not to be replaced; with FULL where there is no space left, and with READ_ONLY where nothing may
 * be written. Nothing is left then.
 */
export async function writeNewFile(
  path: string,
  { replace, orElse, check }: NewFileOptions,
  write: (append: (data: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  await checkPlace(path, replace, orElse);
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'wx').catch((error: unknown) => {
    throw unwritablePlace(path, error);
  });
  try {
    try {
      await write((data) => file.appendFile(data));
      await file.sync();
    } finally {
      await file.close();
    }
    await check?.(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritablePlace(path, error);
  }
  await syncFolder(dirname(path));
}

async function checkPlace(path: string, replace: boolean, orElse: string): Promise<void> {
  const folder = dirname(path);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new UsageError(`There is no folder ${folder}.`, 'Make it first, or name another.');
  }
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new UsageError(`${path} is a folder.`, 'Name a file in it.');
  if (there !== null && !replace) {
    throw new UsageError(`${path} is there already.`, orElse);
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
