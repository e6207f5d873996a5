import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leaveOwnFolder, prepareFolders } from '../../../src/stores/file/own-folder.ts';
import { asOrdinaryUser } from '../../support/run-folder-files.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { namesIn } from './support/file-store.ts';

test('where a folder may not be written what is ours lies elsewhere, and goes with the store', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no POSIX modes');
  const folder = folderInMemory();
  chmodSync(folder, 0o555);
  await asOrdinaryUser(async () => {
    const own = await prepareFolders(folder, true);
    expect(own.isKept).toBe(false);
    writeFileSync(join(own.path, 'index.db'), '');
    await leaveOwnFolder(own);
    expect(existsSync(own.path)).toBe(false);
  });
  expect(namesIn(folder)).toEqual([]);
});
