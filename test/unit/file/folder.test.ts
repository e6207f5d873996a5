import { expect, test } from 'vitest';
import { SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { Folder } from '../../../src/stores/file/folder.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';

/** A lock that tells how often it is held. */
function countingLock() {
  let count = 0;
  const lock = {
    take: async () => {
      count += 1;
    },
    release: () => {
      count -= 1;
    },
  };
  return { lock, held: () => count };
}

test('who left a folder cannot let others in a second time', async () => {
  const { lock, held } = countingLock();
  const parts = { path: folderInMemory(), index: {}, calls: SYSTEM_CALLS, now: Date.now };
  const folder = new Folder(parts as never, lock as never);
  const leave = await folder.takeTurn();
  leave();
  const leaveAgain = await folder.takeTurn();
  leave();
  expect(held()).toBe(1);
  leaveAgain();
  expect(held()).toBe(0);
});

test('who cannot enter a folder does not keep others out', async () => {
  const path = folderInMemory();
  const { lock, held } = countingLock();
  const failing = { read: async () => Promise.reject(new Error('damaged')) };
  const folder = new Folder(
    { path, index: failing, calls: SYSTEM_CALLS, now: Date.now } as never,
    lock as never,
  );
  await expect(folder.enter()).rejects.toThrow('damaged');
  expect(held()).toBe(0);
  (await folder.takeTurn())();
});
