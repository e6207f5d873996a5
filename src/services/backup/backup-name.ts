import type { BackupFormatName } from './backup-manifest.ts';
import { BACKUP_FORMATS } from './formats/formats.ts';

const PREFIX = 'runledger-';
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/;

/** The name of a backup that is made at a time (milliseconds since 1970): names sort as times do. */
export function backupName(format: BackupFormatName, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${PREFIX}${time}${BACKUP_FORMATS[format].extension}`;
}

/** The form that a file name speaks of; null for any other name. */
export function formatOfName(name: string): BackupFormatName | null {
  const formats = Object.keys(BACKUP_FORMATS) as BackupFormatName[];
  return formats.find((format) => name.endsWith(BACKUP_FORMATS[format].extension)) ?? null;
}

/** The time in a name that `backupName` gives, in ISO 8601; null for any other, which people thought of. */
export function timeOfName(name: string): string | null {
  const format = formatOfName(name);
  if (format === null || !name.startsWith(PREFIX)) return null;
  const time = name.slice(PREFIX.length, -BACKUP_FORMATS[format].extension.length);
  return TIME.test(time) ? time.replace(TIME, '$1-$2-$3T$4:$5:$6.$7Z') : null;
}
