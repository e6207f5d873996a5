import { expect, test } from 'vitest';
import { folderInMemory } from '../support/temporary-folder.ts';
import { FORMATS } from './support/backups.ts';
import { smallBackup, unnoticedFlips } from './support/small-backup.ts';

test.each(FORMATS)('%s: each byte that is flipped is noticed', async (format) => {
  const { path } = await smallBackup(folderInMemory(), format);
  expect(await unnoticedFlips(path, 1)).toEqual([]);
});
