import { access, open, rename, rm } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/**
 * Writes a file that appears under its name only when it is whole: a temporary file beside it, then a
 * rename. A file that is there already is replaced with `replace` alone, else it is a `UsageError`.
 */
export async function writeNewFile(
  path: string,
  replace: boolean,
  write: (append: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (!replace && (await exists(path))) {
    throw new UsageError(`${path} is there already.`, '--force replaces it.');
  }
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
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
