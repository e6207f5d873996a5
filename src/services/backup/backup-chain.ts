import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import {
  type BackupAccess,
  type BackupFile,
  type BackupPart,
  isSealIntact,
  openBackup,
  openDamaged,
} from './backup-file.ts';
import { type BrokenRecord, broken } from './backup-record.ts';

/**
 * A backup with all that it builds on, the full one first. Those lie beside it, under the names that they
 * had. Rejects as `openBackup` does, and with CORRUPT where another backup lies under such a name.
 */
export async function openChain(path: string): Promise<BackupFile[]> {
  const chain = [await openBackup(path)];
  for (;;) {
    const [first] = chain;
    const base = first?.manifest.base;
    if (first === undefined || base === undefined || base === null) return chain;
    const found = await openBase(first, base.name);
    const isIt =
      found.sha256 === base.sha256 &&
      found.manifest.position === base.position &&
      !chain.some(({ sha256 }) => sha256 === found.sha256);
    if (!isIt) {
      throw damaged(first, `${base.name} beside it is another backup than the one it builds on`);
    }
    chain.unshift(found);
  }
}

async function openBase(of: BackupFile, name: string): Promise<BackupFile> {
  if (basename(name) !== name) throw damaged(of, `what it builds on has no plain name`);
  try {
    return await openBackup(join(dirname(of.path), name));
  } catch (error) {
    if (!isRunledgerError(error, 'MISSING')) throw error;
    throw new RunledgerError('MISSING', `${of.path} builds on ${name}, which is not there.`, {
      cause: error,
      hint: 'Put it into the same folder, under that name.',
    });
  }
}

/**
 * Rejects with CORRUPT for the first backup whose bytes are not those that were sealed. `known` is what
 * was found of each path before, for chains that have parts in common.
 */
export async function checkSeals(
  chain: readonly BackupFile[],
  access: Omit<BackupAccess, 'newScratch'>,
  known = new Map<string, boolean>(),
): Promise<void> {
  for (const backup of chain) {
    const isIntact = known.get(backup.path) ?? (await isSealIntact(backup, access));
    known.set(backup.path, isIntact);
    if (!isIntact) throw damaged(backup, SEAL_BROKEN);
  }
}

/**
 * The same of what may be damaged, and whatever it builds on as far as that is there. What is wrong with
 * each is told: with its end, its hash, or a base that is not there.
 */
export async function openDamagedChain(
  path: string,
  access: Omit<BackupAccess, 'newScratch'>,
): Promise<{ chain: BackupPart[]; problems: BrokenRecord[] }> {
  const chain: BackupPart[] = [];
  const problems: BrokenRecord[] = [];
  for (let next: string | null = path; next !== null; ) {
    const part: BackupPart = await openDamaged(next);
    chain.unshift(part);
    const { manifest, name } = part;
    if (manifest === null) problems.push(broken(`${name} (end)`, 'Its end is damaged or cut off.'));
    else if (!(await isSealIntact(part as BackupFile, access))) {
      problems.push(broken(`${name} (hash)`, 'Its bytes are not those that were written.'));
    }
    const base = manifest?.base?.name;
    next = base === undefined ? null : join(dirname(path), basename(base));
    const isNew = !chain.some((other) => other.path === next);
    if (next === null || (isNew && (await isThere(next)))) continue;
    problems.push(broken(basename(next), `It is not there, and ${name} builds on it.`));
    next = null;
  }
  return { chain, problems };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

/** What is wrong with a backup whose hash is another. */
export const SEAL_BROKEN = 'its bytes are not those that were written';

function damaged({ path }: BackupFile, why: string): RunledgerError {
  return new RunledgerError('CORRUPT', `${path} is damaged: ${why}.`, {
    hint: 'Take another backup, or restore --salvage to get what is whole of it.',
  });
}
