import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCalls } from './file-calls.ts';

/**
 * Writes a file whose content is safe from a power cut when this resolves, and which is not there when
 * it rejects. It gets the permissions and the owner of the file that it is to replace: who made
 * that one private meant its content.
 */
export async function writeDurably(
  calls: FileCalls,
  folder: string,
  { temporary, replaces, text }: { temporary: string; replaces: string; text: string },
): Promise<void> {
  const path = join(folder, temporary);
  const replaced = statSync(join(folder, replaces), { throwIfNoEntry: false });
  const file = calls.create(path, replaced?.isFile() ? replaced : undefined);
  try {
    try {
      file.write(text);
      await file.sync();
    } finally {
      file.close();
    }
  } catch (error) {
    removeQuietly(calls, path);
    throw error;
  }
}

/** Removes a temporary file. If that fails too it stays: the next who opens the folder removes it. */
export function removeQuietly(calls: FileCalls, path: string): void {
  try {
    calls.unlink(path);
  } catch {
    // Why the temporary file is not wanted matters more, and it takes part in nothing.
  }
}
