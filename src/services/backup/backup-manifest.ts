import { isPlainObject } from '../../domain/json.ts';
import { RunledgerError } from '../../repository/errors.ts';
import type { RunStore } from '../../repository/run-store.ts';

/** The form of a backup as a whole. */
export type BackupFormatName = 'ndjson' | 'json' | 'sqlite';

/** The version of the forms that this program writes; it reads no later ones. */
export const BACKUP_VERSION = 1;

/** The backup that an increment builds on; it lies beside it. */
export interface BackupBase {
  name: string;
  /** SHA-256 over the bytes of that file but its seal, 64 hex digits. */
  sha256: string;
  position: string;
  /** Up to when it has what was known of imported files: ISO 8601; null for none. */
  filesUntil: string | null;
}

/** What a backup says about itself. */
export interface BackupManifest {
  version: typeof BACKUP_VERSION;
  format: BackupFormatName;
  kind: 'full' | 'increment';
  /** The program that made it, and its version. */
  program: string;
  /** The newest schema migration of the store; null for one without a schema. */
  schema: string | null;
  store: RunStore['kind'];
  storeId: string;
  epoch: string;
  /** The place in the store's ledger that it shows the runs at. */
  position: string;
  /** When that was, in ISO 8601: every change up to that time is in it. */
  takenAt: string;
  /** Null for a full backup. */
  base: BackupBase | null;
  /** Of the changes that it carries: the times of the oldest and the newest, null where there are none. */
  oldestChangeAt: string | null;
  newestChangeAt: string | null;
  /** The newest time at which an imported file was kept that it has whole; null for none. */
  filesUntil: string | null;
  counts: BackupCounts;
  /** How many bytes of the file are before this. */
  bytes: number;
}

/** How much a backup carries. */
export interface BackupCounts {
  runs: number;
  /** Steps of these runs. */
  steps: number;
  /** Runs that were deleted since the base. */
  deleted: number;
  /** Rows of the ledger. */
  changes: number;
  setAside: number;
  /** Files that runs were imported from. Backups of before there were any do not say. */
  files: number;
}

const COUNTS = ['runs', 'steps', 'deleted', 'changes', 'setAside'] as const;
const TEXTS = ['kind', 'program', 'store', 'storeId', 'epoch', 'position', 'takenAt'] as const;

/** Reads the manifest of a backup; null for what is none. Rejects a later version with SCHEMA_NEWER. */
export function manifestOf(json: string, path: string): BackupManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!isPlainObject(value)) return null;
  if (typeof value.version === 'number' && value.version > BACKUP_VERSION) throw newerBackup(path);
  const { counts } = value;
  const isWhole =
    value.version === BACKUP_VERSION &&
    isPlainObject(counts) &&
    COUNTS.every((name) => Number.isSafeInteger(counts[name])) &&
    TEXTS.every((name) => typeof value[name] === 'string') &&
    !Number.isNaN(Date.parse(value.takenAt as string)) &&
    /^.+\..+\..+$/s.test(value.position as string) &&
    (value.base === null || isPlainObject(value.base));
  if (!isWhole) return null;
  const manifest = value as unknown as BackupManifest;
  return {
    ...manifest,
    counts: { ...manifest.counts, files: manifest.counts.files ?? 0 },
    filesUntil: manifest.filesUntil ?? null,
  };
}

/** The failure for a backup that a later program made. */
export function newerBackup(path: string): RunledgerError {
  return new RunledgerError('SCHEMA_NEWER', `${path} was made by a newer version of Runledger.`, {
    hint: 'Update this one; nothing was read.',
  });
}
