import type { FileHandle } from 'node:fs/promises';
import type { BackupManifest } from '../backup-manifest.ts';
import type { BackupRecord, BrokenRecord } from '../backup-record.ts';
import type { NewScratchFolder } from '../scratch-folder.ts';

/** What is to be written. */
export interface BackupContent {
  /** In this order: runs and runs that are deleted, what was set aside, imported files, changes. */
  records: AsyncIterable<BackupRecord>;
  /** Known when all records were read. */
  manifest(): BackupManifest;
  newScratch: NewScratchFolder;
}

/** What stands at the end of a backup. */
export interface BackupEnd {
  /** Of the form. */
  version: number;
  /** JSON. */
  manifest: string;
  /** SHA-256 over all bytes before the seal, 64 hex digits. */
  sha256: string;
  /** How many bytes are before the seal. */
  sealedBytes: number;
  /** Where the records end. */
  recordsEnd: number;
}

/** A file that is no backup. */
export interface OtherFile {
  /** Of a sentence that begins with the file. */
  why: string;
  hint: string;
}

/** The bytes of a backup that lies in a file: all before `end` are records. */
export interface BackupBytes {
  file: FileHandle;
  end: number;
}

/** One way in which records are bytes. */
export interface BackupFormat {
  /** What a file name of it ends with. */
  extension: string;
  /** Whether a file that begins with these bytes may be one. */
  isBegunBy(bytes: Buffer): boolean;
  /** All bytes but the seal. */
  encode(content: BackupContent): AsyncIterable<Uint8Array>;
  /** The last bytes, which hold the hash over all others. */
  seal(manifest: Uint8Array, sha256: string): Uint8Array;
  /** Reads the end of a file of this size; null where it is not that of a backup. */
  readEnd(file: FileHandle, size: number): Promise<BackupEnd | null>;
  /** What a file without such an end is, where that can be told: null where it cannot. */
  otherwise?(file: FileHandle, size: number): Promise<OtherFile | null>;
  /** The records. What is no record any more is given as one that is broken. */
  records(bytes: BackupBytes, wanted: WantedRecords): AsyncIterable<BackupRecord | BrokenRecord>;
}

/** Which records are read. */
export interface WantedRecords {
  /** All others are passed over. */
  kinds: ReadonlySet<BackupRecord['kind']>;
  newScratch: NewScratchFolder;
}
