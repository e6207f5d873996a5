import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flush = promisify(fsync);

/** Makes the names in a folder safe from a power cut: a file whose name is gone is gone too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can neither open a folder nor needs to: its file systems keep names in their journal.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
