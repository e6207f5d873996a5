import { decodePosition } from '../../repository/position.ts';
import type { BackupFile } from './backup-file.ts';

/** How stores write places in their ledger: numbers, the most significant first. */
const NUMBERS = /^[\d-]+$/;

/**
 * Backups in the order in which they were taken. Those of one ledger stand by their positions in it: the
 * clocks of machines differ, and are set. Between ledgers, and at equal positions, times are all there is.
 * One that says that it was taken later than the one after it counts from the time of that.
 */
export function inOrder(backups: readonly BackupFile[]): BackupFile[] {
  const ledgers = Map.groupBy(backups, ({ manifest }) => `${manifest.storeId}.${manifest.epoch}`);
  return [...ledgers.values()]
    .flatMap((ledger) => {
      let time = LATEST;
      const sorted = ledger.sort(byPosition).toReversed();
      return sorted.map((backup, nth) => {
        if (backup.manifest.takenAt < time) time = backup.manifest.takenAt;
        return { backup, time, nth };
      });
    })
    .sort((a, b) => compare(a.time, b.time) || b.nth - a.nth)
    .map(({ backup }) => backup);
}

const LATEST = '\uffff';

function byPosition(a: BackupFile, b: BackupFile): number {
  return compareCursors(cursorOf(a), cursorOf(b)) || byTime(a, b);
}

function byTime(a: BackupFile, b: BackupFile): number {
  return compare(a.manifest.takenAt, b.manifest.takenAt) || compare(a.name, b.name);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

function cursorOf({ manifest }: BackupFile): string {
  return decodePosition(manifest.position).cursor;
}

/** Equal are also those that are not written in numbers. */
function compareCursors(a: string, b: string): number {
  if (!NUMBERS.test(a) || !NUMBERS.test(b)) return 0;
  const [left, right] = [a, b].map((cursor) => cursor.split('-').map(BigInt));
  for (const [at, number] of (left ?? []).entries()) {
    const order = compare(number, right?.[at] ?? 0n);
    if (order !== 0) return order;
  }
  return 0;
}
