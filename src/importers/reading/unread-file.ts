import type { ImportedItem, Transcript } from '../../repository/importer.ts';
import { setAside } from './source-items.ts';

/**
 * What is told of a file that cannot be read: nothing of it is taken, because runs of a file that was
 * read in part would look whole. Throws what is no failure of the system or of unpacking on.
 */
export function unreadFile(file: Transcript, error: unknown): ImportedItem {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // What cannot be unpacked is damaged, or its end is still being written.
  if (syscall === undefined && !/^Z(?:STD)?_/.test(String(code))) throw error;
  return setAside(file, 'file', `The file cannot be read (${code}).`);
}
