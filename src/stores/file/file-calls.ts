import { closeSync, fdatasync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { syncFolder } from '../sqlite/sync-folder.ts';

/** A file that is being written. */
export interface NewFile {
  write(text: string): void;
  /** Makes what was written safe from a power cut. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * The calls by which a folder is changed: all that can fail under a write, and nothing else. Only those
 * that wait for the disk itself are waited for; the others take a tenth of the time that it takes to
 * hand them to another thread.
 */
export interface FileCalls {
  /** Makes a file that is not there yet, with these permissions. */
  create(path: string, mode: number | undefined): NewFile;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Makes the names in a folder safe from a power cut. */
  syncFolder(path: string): Promise<void>;
}

const flush = promisify(fdatasync);

/** The calls of the system. */
export const SYSTEM_CALLS: FileCalls = {
  create(path, mode) {
    const descriptor = openSync(path, 'wx', mode);
    return {
      write: (text) => writeFileSync(descriptor, text),
      sync: () => flush(descriptor),
      close: () => closeSync(descriptor),
    };
  },
  rename: renameSync,
  unlink: unlinkSync,
  syncFolder,
};
