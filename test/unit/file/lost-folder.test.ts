import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { folderOf, openFolder } from './support/file-store.ts';

const WAYS: Record<string, (folder: string) => void> = {
  deleted: (folder) => rmSync(folder, { recursive: true }),
  moved: (folder) => renameSync(folder, `${folder}-moved`),
  replaced: (folder) => {
    renameSync(folder, `${folder}-moved`);
    mkdirSync(folder);
  },
};

describe('a folder that goes while it is open', () => {
  test.for(Object.keys(WAYS))('%s: nothing is answered as if it were there', async (way) => {
    const folder = join(folderInMemory(), 'runs');
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany(makeRuns(3));
    WAYS[way]?.(folder);
    const gone = { code: 'STORE_FAILED', message: expect.stringContaining(folder) };
    for (const call of [
      () => repository.findById(idOf(1)),
      () => repository.list(),
      () => repository.statistics(),
      () => repository.search('prompt'),
      () => Array.fromAsync(repository.stream()),
      () => Array.fromAsync(repository.changes()),
      () => repository.save(makeRun(1, { branch: 'b' })),
      () => repository.transaction((inside) => inside.findById(idOf(1))),
    ]) {
      await expect(call()).rejects.toMatchObject(gone);
    }
    await repository.close();
  });
});

describe('what is ours in a folder', () => {
  test('is made anew where the lock is no database', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.save(makeRun(1));
    await repository.close();
    writeFileSync(join(folder, '.runledger', 'lock.db'), 'no database '.repeat(1_000));
    const again = await openFolder({ path: folder });
    expect((await again.repository.save(makeRun(1, { branch: 'b' }))).version).toBe(2);
  });

  test('is told with its name where a folder lies in the place of the lock', async () => {
    const folder = folderInMemory();
    mkdirSync(join(folder, '.runledger', 'lock.db'), { recursive: true });
    await expect(openFolder({ path: folder })).rejects.toMatchObject({
      name: 'RunledgerError',
      message: expect.stringContaining('lock.db'),
    });
  });

  test('is told with its name where a file lies in the place of all of it', async () => {
    const folder = folderInMemory();
    writeFileSync(join(folder, '.runledger'), 'a file');
    await expect(openFolder({ path: folder })).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: `"${join(folder, '.runledger')}" is a file.`,
      hint: expect.stringContaining('elsewhere'),
    });
  });
});

test('a link that cannot be followed is put aside, and keeps nobody from the rest', async () => {
  const folder = folderInMemory();
  symlinkSync('a'.repeat(300), join(folder, 'x.json'));
  const { repository, store } = await openFolder({ path: folder });
  await repository.save(makeRun(1));
  expect(await repository.list()).toMatchObject({ items: [{ id: idOf(1) }] });
  expect(await store.quarantined()).toMatchObject([{ name: 'x.json' }]);
});

test('a lock that was deleted under an open store locks nobody out: nothing is written', async () => {
  const folder = await folderOf(1);
  const one = await openFolder({ path: folder });
  rmSync(join(folder, '.runledger', 'lock.db'));
  const other = await openFolder({ path: folder });
  const save = one.repository.save(makeRun(0, { branch: 'one' }));
  await expect(save).rejects.toMatchObject({
    code: 'STORE_FAILED',
    hint: expect.stringContaining('again'),
  });
  expect(await other.repository.save(makeRun(0, { branch: 'other' }))).toMatchObject({
    version: 2,
  });
});
