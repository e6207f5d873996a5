import {
  closeSync,
  fchmodSync,
  fchownSync,
  fdatasync,
  fstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
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
  /** Makes a file that is not there yet, with the permissions and the owner of one that it replaces. */
  create(path: string, replaced: Stats | undefined): NewFile;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Makes the names in a folder safe from a power cut. */
  syncFolder(path: string): Promise<void>;
}

const flush = promisify(fdatasync);

/** The permission bits of a mode. */
const PERMISSIONS = 0o777;

/** The mode of a new file is cut by the process's mask, and only root may give a file away. */
function takeOver(descriptor: number, { mode, uid, gid }: Stats): void {
  const now = fstatSync(descriptor);
  if (process.getuid?.() === 0 && (now.uid !== uid || now.gid !== gid)) {
    fchownSync(descriptor, uid, gid);
  }
  if ((now.mode & PERMISSIONS) !== (mode & PERMISSIONS)) fchmodSync(descriptor, mode & PERMISSIONS);
}

/** The calls of the system. */
export const SYSTEM_CALLS: FileCalls = {
  create(path, replaced) {
    const descriptor = openSync(path, 'wx', replaced && replaced.mode & PERMISSIONS);
    try {
      if (replaced !== undefined) takeOver(descriptor, replaced);
    } catch (error) {
      closeSync(descriptor);
      unlinkSync(path);
      throw error;
    }
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
