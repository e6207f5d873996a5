import type { BackupFile } from '../../services/backup/backup-file.ts';
import type { BackupVerdict } from '../../services/backup/verify-backup.ts';
import { countOf, formatBytes, formatCount, formatTime } from './figures.ts';
import { formatLabels, type LabelledText } from './labels.ts';
import { formatReasons } from './reasons-text.ts';
import { paint } from './style.ts';

/** What a backup carries, as a page of text. */
export function formatBackup(
  backup: BackupFile,
  { store, removed }: { store: string; removed: readonly string[] },
  width: number,
): string {
  return formatLabels(
    [
      ['Backup', backup.path],
      ['Of', store],
      ...carriedBy(backup),
      ['Verified', 'read back, each run equal by its digest'],
      ['Removed', removed.join(', ')],
    ],
    width,
  );
}

/** What a look at a backup found, as a page of text. */
export function formatVerdict(
  { backup, bases, verified, problems }: BackupVerdict,
  width: number,
): string {
  const head = formatLabels(
    [
      ['Backup', backup.path],
      ['Of', `a ${backup.manifest.store} store, by ${backup.manifest.program}`],
      ['Store', backup.manifest.storeId],
      ...carriedBy(backup),
      ['Built on', bases.map(({ name }) => name).join(', ')],
      ['Verified', `${countOf(verified, 'run')}, each equal by its digest`],
    ],
    width,
  );
  if (problems.length === 0) return head;
  const title = `Not as it was written: ${countOf(problems.length, 'problem')}.`;
  return `${head}\n${paint('red', title)}\n\n${formatReasons(problems, width)}`;
}

function carriedBy({ bytes, manifest }: BackupFile): LabelledText[] {
  const { kind, base, takenAt, counts, oldestChangeAt } = manifest;
  const reach = oldestChangeAt === null ? '' : `, back to ${formatTime(oldestChangeAt)}`;
  return [
    ['Kind', base === null ? kind : `${kind} on ${base.name}`],
    ['Taken', formatTime(takenAt)],
    ['Runs', formatCount(counts.runs)],
    ['Deleted', counts.deleted > 0 && formatCount(counts.deleted)],
    ['Changes', `${formatCount(counts.changes)}${reach}`],
    ['Imported', counts.files > 0 && `${formatCount(counts.files)} files, with their bytes`],
    ['Put aside', counts.setAside > 0 && formatCount(counts.setAside)],
    ['Size', formatBytes(bytes)],
  ];
}
