import { createHash } from 'node:crypto';
import type { JsonObject } from '../domain/json.ts';

/** What tells a file that runs were taken from apart from all others. */
export interface ImportedFileKey {
  /** The importer that took it, such as `claude-code`. */
  agent: string;
  /** Its absolute path on the machine where it lay. */
  path: string;
  /** 0 for the first file at that path; counts up each time that another one takes its place. */
  generation: number;
}

/** A file that runs were taken from, as it was when it was read last. A store keeps it as it is given. */
export interface ImportedFile extends ImportedFileKey {
  /** What who imports knows of it, such as size and time. */
  state: JsonObject;
  /** By what it hangs together with others: 8 bytes for each name. */
  links: Uint8Array;
  /** The runs that it gave: 16 bytes of id and 32 of digest for each. */
  runs: Uint8Array;
}

/** The same as a store keeps it. */
export interface KeptFile extends ImportedFile {
  /** Since when it knows this: ISO 8601. Never falls within a store. */
  keptAt: string;
}

/** A piece of the bytes of such a file, so that they can be read again when it is gone. */
export interface SourcePiece {
  /** Bytes before packing. */
  size: number;
  /** SHA-256 of them, 64 hex digits. */
  hash: string;
  /** Zstandard. */
  packed: Uint8Array;
}

/** Which files are asked for. */
export interface ImportedFilesRequest {
  /** Of this importer alone. */
  agent?: string;
  /** Those that come after this one; from the first on where it is left out or null. */
  after?: ImportedFileKey | null;
  /** At most so many. */
  limit: number;
  /** Those alone that were kept at this time or later: ISO 8601. */
  keptSince?: string;
}

/** What is to be kept of a file, in place of what was kept before. */
export interface ImportedFileChange {
  file: ImportedFile;
  /** Its pieces from this ordinal on (from 0), in place of all that were kept from there on. Absent: they stay. */
  pieces?: { from: number; pieces: readonly SourcePiece[] };
}

/** What tells whether two stores know the same of a file: SHA-256 over all of it, 64 hex digits. */
export function digestOfFile(file: ImportedFile): string {
  const { links, runs, state } = file;
  return createHash('sha256')
    .update(keyOfFile(file))
    .update(JSON.stringify([state, links.length, runs.length]))
    .update(links)
    .update(runs)
    .digest('hex');
}

/**
 * The same file with nothing said of how far it was read: whoever imports reads it again, or what was kept
 * of it. For who carries its bytes and not all of its runs.
 */
export function asUnread(file: ImportedFile): ImportedFile {
  const state = { ...file.state, size: -1, modifiedAt: -1 };
  return { ...file, state, runs: new Uint8Array() };
}

/** How far a file was read: when it was changed then, and how many bytes it had. */
export function extentOf({ state }: ImportedFile): { modifiedAt: number; bytes: number } {
  const pieces = Array.isArray(state.pieces) ? state.pieces : [];
  const sizes = pieces.map((piece) => (Array.isArray(piece) ? Number(piece[0]) : 0));
  return {
    modifiedAt: Number(state.modifiedAt ?? -1),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** What stores keep a file under, and order files by: SHA-256, because paths may be longer than an index holds. */
export function keyOfFile({ agent, path, generation }: ImportedFileKey): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([agent, path, generation]))
    .digest();
}
