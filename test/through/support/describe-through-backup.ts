import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupFormatName } from '../../../src/services/backup/backup-manifest.ts';
import { restoreInto, takeBackup } from '../../backup/support/backups.ts';
import { describeThroughCopy, type ThroughOptions } from './describe-through-copy.ts';
import type { Kind } from './kinds.ts';

/** The same through a backup of one store that is restored into the other. */
export function describeThroughBackup(
  from: Kind,
  to: Kind,
  format: BackupFormatName,
  { themes }: Pick<ThroughOptions, 'themes'> = {},
): void {
  describeThroughCopy(from, to, {
    ...(themes && { themes }),
    by: `backed up as ${format} and restored`,
    async carry(source, target) {
      const folder = mkdtempSync(join(tmpdir(), 'runledger-through-'));
      try {
        const { path } = await takeBackup(source, folder, { format });
        return await restoreInto(target, path);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  });
}
