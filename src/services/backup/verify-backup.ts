import { isRunledgerError } from '../../repository/errors.ts';
import { openChain, SEAL_BROKEN } from './backup-chain.ts';
import {
  type BackupAccess,
  type BackupFile,
  isSealIntact,
  openBackup,
  recordsOf,
} from './backup-file.ts';
import type { BackupCounts } from './backup-manifest.ts';
import { figure } from './figures.ts';

const ALL_KINDS = ['run', 'deleted', 'set-aside', 'file', 'change'] as const;

/** What a look at a backup found. */
export interface BackupVerdict {
  backup: BackupFile;
  /** Those that it builds on, the full one first; as far as they could be opened. */
  bases: BackupFile[];
  /** Runs that have the digest they should have. */
  verified: number;
  /** What is not as it was written; none for a backup that is whole. */
  problems: BackupProblem[];
}

/** Something that is wrong with a backup. */
export interface BackupProblem {
  /** The name of the backup, of a run in it, or of a part. */
  name: string;
  /** A sentence. */
  reason: string;
}

/**
 * Reads a backup whole: its hash, every run's digest, its counts, and, unless it is to be looked at
 * alone, the hashes of all that it builds on. Rejects as `openBackup` does for what cannot be read as a backup at all.
 */
export async function verifyBackup(
  path: string,
  access: BackupAccess,
  { alone = false }: { alone?: boolean } = {},
): Promise<BackupVerdict> {
  const backup = await openBackup(path);
  const problems: BackupProblem[] = [];
  const bases = alone ? [] : await basesOf(backup, problems);
  for (const one of [...bases, backup]) {
    if (await isSealIntact(one, access)) continue;
    problems.push({ name: one.name, reason: `${SEAL_BROKEN.replace(/^i/, 'I')}.` });
  }
  const counts: BackupCounts = { runs: 0, steps: 0, deleted: 0, changes: 0, setAside: 0, files: 0 };
  for await (const record of recordsOf(backup, ALL_KINDS, access)) {
    access.signal?.throwIfAborted();
    if (record.kind === 'run') {
      counts.runs += 1;
      counts.steps += record.run.steps?.length ?? 0;
      access.onProgress?.('runs', counts.runs, backup.manifest.counts.runs);
    } else if (record.kind === 'deleted') counts.deleted += 1;
    else if (record.kind === 'change') counts.changes += 1;
    else if (record.kind === 'set-aside') counts.setAside += 1;
    else if (record.kind === 'file') counts.files += record.isWhole ? 1 : 0;
    else problems.push({ name: record.name ?? backup.name, reason: record.reason });
  }
  for (const [name, count] of Object.entries(counts)) {
    const expected = backup.manifest.counts[name as keyof BackupCounts];
    if (count === expected) continue;
    problems.push({
      name: backup.name,
      reason: `It has ${figure(count)} ${name} where it had ${figure(expected)}.`,
    });
  }
  return { backup, bases, verified: counts.runs, problems };
}

async function basesOf(backup: BackupFile, problems: BackupProblem[]): Promise<BackupFile[]> {
  try {
    return (await openChain(backup.path)).slice(0, -1);
  } catch (error) {
    if (!isRunledgerError(error)) throw error;
    problems.push({ name: backup.manifest.base?.name ?? backup.name, reason: error.message });
    return [];
  }
}
