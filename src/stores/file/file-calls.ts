import { open, rename, unlink } from 'node:fs/promises';
import { syncFolder } from '../sqlite/sync-folder.ts';

/** A file that is being written. */
export interface NewFile {
  write(text: string): Promise<void>;
  /** Makes what was written safe from a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The calls by which a folder is changed: all that can fail under a write, and nothing else. */
export interface FileCalls {
  /** Makes a file that is not there yet, with these permissions. */
  create(path: string, mode: number | undefined): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes the names in a folder safe from a power cut. */
  syncFolder(path: string): Promise<void>;
}

/** The calls of the system. */
export const SYSTEM_CALLS: FileCalls = {
  async create(path, mode) {
    const handle = await open(path, 'wx', mode);
    return {
      write: (text) => handle.writeFile(text),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
  rename,
  unlink,
  syncFolder,
};
