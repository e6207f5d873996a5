import type { BackupFormatName } from '../backup-manifest.ts';
import type { BackupFormat } from './backup-format.ts';
import { jsonFormat } from './json-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { sqliteFormat } from './sqlite-format.ts';

/** Every form that a backup can have, by its name. */
export const BACKUP_FORMATS: Readonly<Record<BackupFormatName, BackupFormat>> = {
  ndjson: ndjsonFormat,
  json: jsonFormat,
  sqlite: sqliteFormat,
};
