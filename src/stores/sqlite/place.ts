import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';

/** Whether there is a file at that path. Throws CORRUPT for something that is no file. */
export function hasFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) {
    throw new RunledgerError('CORRUPT', `${path} is no file.`, {
      hint: 'An SQLite store is one file: name it, not the folder that it is in.',
    });
  }
  return found !== undefined;
}

/** Whether SQLite can write there: it writes the file and others beside it. */
export function mayWrite(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // Whatever is in the way of writing, reading is tried, and says what is in the way of that.
    return false;
  }
}
