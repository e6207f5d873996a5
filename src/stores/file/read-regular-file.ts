import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { RunledgerError } from '../../repository/errors.ts';

/** A file's bytes, or why there are none. */
export type FileBytes =
  | { kind: 'read'; bytes: Uint8Array }
  | { kind: 'unreadable'; reason: string };

/** Beyond this a file is not read: it could not be a string in JavaScript, and no run is so large. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Failures that are the process's own, not the file's: to go on would put every file aside. */
const OWN_FAILURES: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM'];

const A_FOLDER = 'This is a folder, not a file. Move it elsewhere; what is in it is not read.';
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'The file may not be read. Give this user the permission to read it.',
  EPERM: 'The file may not be read. Give this user the permission to read it.',
  ELOOP: 'The symbolic link leads back to itself. Delete it, or point it at a file.',
  ENXIO: 'This is a socket or a device, not a file. Move it elsewhere.',
  EISDIR: A_FOLDER,
};

/**
 * Reads a file whole, and says so where a path leads to anything else. Never waits for a pipe. The
 * process waits for the file: handing it to another thread would take five times as long as reading it.
 */
export function readRegularFile(path: string): FileBytes {
  try {
    // Without O_NONBLOCK opening a pipe waits until somebody writes to it.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      if (stat.isDirectory()) return unreadable(A_FOLDER);
      if (!stat.isFile()) {
        return unreadable('This is a pipe, a socket or a device, not a file. Move it elsewhere.');
      }
      if (stat.size > MAX_BYTES) {
        const size = `${Math.round(stat.size / 1e6)} MB`;
        return unreadable(`The file has ${size}, more than a run can have. Move it elsewhere.`);
      }
      return { kind: 'read', bytes: readFileSync(descriptor) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return unreadable(reasonOf(error, path));
  }
}

function reasonOf(error: unknown, path: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (OWN_FAILURES.includes(code)) {
    throw new RunledgerError('STORE_FAILED', `"${path}" could not be opened: ${code}.`, {
      cause: error,
      hint: 'The process has no memory or file handles left; raise its limits and try again.',
    });
  }
  if (code !== 'ENOENT') return REASONS[code] ?? `The file could not be read (${code}).`;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return 'The symbolic link leads to nothing. Delete it, or point it at a file.';
  }
  return path.includes('\ufffd')
    ? 'The name is not UTF-8, so the file cannot be opened by it. Rename it.'
    : 'The file was gone when it was to be read. If it was not meant to be deleted, look for it.';
}

function unreadable(reason: string): FileBytes {
  return { kind: 'unreadable', reason };
}
