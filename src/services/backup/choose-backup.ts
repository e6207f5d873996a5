import { isRunledgerError, RunledgerError } from '../../repository/errors.ts';
import type { LedgerPosition } from '../../repository/position.ts';
import { checkSeals, openChain } from './backup-chain.ts';
import type { BackupAccess, BackupFile } from './backup-file.ts';
import { listBackups, type UnusableBackup } from './backup-folder.ts';

/** What was chosen of a folder. */
export interface ChosenBackup {
  /** The backup with all that it builds on, the full one first. */
  chain: BackupFile[];
  /** Those that would have been chosen before it, and are not whole. */
  passedOver: UnusableBackup[];
}

type Access = Omit<BackupAccess, 'newScratch'>;

/**
 * The backup of a folder to restore: the newest that is whole with all that it builds on, or the first
 * that was taken at a time (ISO 8601) or later. Rejects with MISSING where there is none, with the
 * failure of the first where none is whole, and with INVALID where several stores have theirs there.
 */
export async function chooseBackup(
  folder: string,
  at: string | undefined,
  access: Access,
): Promise<ChosenBackup> {
  const { backups, unreadable } = await listBackups(folder);
  if (new Set(backups.map(({ manifest }) => manifest.storeId)).size > 1) {
    throw new RunledgerError('INVALID', `In ${folder} there are backups of several stores.`, {
      hint: 'Name the one to restore; verify tells of which store each is.',
    });
  }
  const candidates = at === undefined ? backups.toReversed() : reachingTo(backups, at);
  const { chain, passedOver } = await firstWhole(candidates, (whole) => whole, access);
  if (at === undefined) passedOver.unshift(...newerThan(chain?.at(-1), unreadable));
  if (chain !== null) return { chain, passedOver };
  throw passedOver[0]?.error ?? noneFor(folder, backups, unreadable);
}

/**
 * The newest backup of a store in a folder that an increment can build on, with those that were passed
 * over because they are not whole; null where there is none. One of this very ledger goes before one of
 * another epoch. Of those that it builds on only the ends are read: the drill reads more.
 */
export async function chooseBase(
  folder: string,
  { storeId, epoch }: LedgerPosition,
  access: Access,
): Promise<{ base: BackupFile | null; passedOver: UnusableBackup[] }> {
  const { backups, unreadable } = await listBackups(folder);
  const own = backups.filter(({ manifest }) => manifest.storeId === storeId);
  const ofLedger = own.filter(({ manifest }) => manifest.epoch === epoch);
  const candidates = (ofLedger.length > 0 ? ofLedger : own).toReversed();
  const { chain, passedOver } = await firstWhole(candidates, (whole) => whole.slice(-1), access);
  const base = chain?.at(-1) ?? null;
  return { base, passedOver: [...newerThan(base, unreadable), ...passedOver] };
}

/** The newest of what has the name of a backup in a folder, whole or not. Rejects as `chooseBackup`. */
export async function newestPath(folder: string): Promise<string> {
  const { backups, unreadable } = await listBackups(folder);
  const [whole, other] = [backups.at(-1), unreadable.at(-1)];
  const newest = newerThan(whole, unreadable).length > 0 ? other : whole;
  if (newest === undefined) throw noneFor(folder, backups, unreadable);
  return newest.path;
}

async function firstWhole(
  candidates: readonly BackupFile[],
  toCheck: (chain: BackupFile[]) => BackupFile[],
  access: Access,
): Promise<{ chain: BackupFile[] | null; passedOver: UnusableBackup[] }> {
  const passedOver: UnusableBackup[] = [];
  const known = new Map<string, boolean>();
  for (const { name, path, manifest } of candidates) {
    try {
      const chain = await openChain(path);
      await checkSeals(toCheck(chain), access, known);
      return { chain, passedOver };
    } catch (error) {
      if (!isRunledgerError(error)) throw error;
      passedOver.push({ name, path, takenAt: manifest.takenAt, error });
    }
  }
  return { chain: null, passedOver };
}

/** Those that show a time or later. One that says more than one after it does was made by a clock ahead. */
function reachingTo(backups: readonly BackupFile[], at: string): BackupFile[] {
  const reaching: BackupFile[] = [];
  let least: string | undefined;
  for (const backup of backups.toReversed()) {
    const { takenAt } = backup.manifest;
    if (least !== undefined && takenAt > least) continue;
    least = takenAt;
    if (takenAt >= at) reaching.unshift(backup);
  }
  return reaching;
}

/** Newest first. What cannot be read is newer where its name says so. */
function newerThan(
  backup: BackupFile | null | undefined,
  unreadable: readonly UnusableBackup[],
): UnusableBackup[] {
  const limit = backup?.manifest.takenAt ?? '';
  return unreadable.filter(({ takenAt }) => takenAt > limit).toReversed();
}

function noneFor(
  folder: string,
  backups: readonly BackupFile[],
  unreadable: readonly UnusableBackup[],
): RunledgerError {
  const newest = backups.at(-1)?.manifest.takenAt;
  const none =
    newest === undefined
      ? 'no backup'
      : `no backup of that time or later: the newest is of ${newest}`;
  const others = unreadable.map(({ name }) => name).join(', ');
  const rest = others === '' ? '' : `, and these cannot be read: ${others}`;
  return new RunledgerError('MISSING', `In ${folder} there is ${none}${rest}.`, {
    hint: 'Name another folder, or an earlier time.',
  });
}
