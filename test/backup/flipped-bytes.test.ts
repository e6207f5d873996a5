import { expect, test } from 'vitest';
import { scratchFolder as newScratch } from '../../src/cli/scratch-folder.ts';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { FORMATS } from './support/backups.ts';
import { smallBackup, unnoticedFlips } from './support/small-backup.ts';

test.each(FORMATS)('%s: every byte that is flipped is noticed', async (format) => {
  const { path } = await smallBackup(folderInMemory(), format);
  // A database has a hundred thousand: each of them in `npm run test:soak`.
  expect(await unnoticedFlips(path, format === 'sqlite' ? 509 : 1)).toEqual([]);
  const { problems, verified } = await verifyBackup(path, { newScratch });
  expect({ problems, verified }).toEqual({ problems: [], verified: 2 });
});
