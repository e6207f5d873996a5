import { open } from 'node:fs/promises';

/** Makes the names in a folder safe from a power cut: a file whose name is gone is gone too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can neither open a folder nor needs to: its file systems keep names in their journal.
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
