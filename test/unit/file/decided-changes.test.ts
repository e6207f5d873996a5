import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { type FileCalls, SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { decidedAlone, fail, REFUSED, REFUSING } from './support/calls.ts';
import { fileOf, namesIn, openFolder, readJson, settle, writeJson } from './support/file-store.ts';

describe('a change that is decided', () => {
  test('is not acknowledged while its name is not safe from a power cut', async () => {
    const folder = folderInMemory();
    let fails = true;
    const calls: FileCalls = {
      ...SYSTEM_CALLS,
      syncFolder: async (path) => (fails ? fail() : SYSTEM_CALLS.syncFolder(path)),
    };
    const { repository } = await openFolder({ path: folder, calls });
    await expect(repository.save(makeRun(1))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('is decided all the same'),
    });
    fails = false;
    expect((await repository.save(makeRun(1))).result).toBe('unchanged');
    expect(namesIn(folder)).toEqual([fileOf(1)]);
  });

  test('that deletes leaves a file that was edited since', async () => {
    const folder = folderInMemory();
    await decidedAlone(folder);
    writeJson(folder, fileOf(1), makeRun(1, { branch: 'edited later' }));
    const { repository, store } = await openFolder({ path: folder });
    expect(namesIn(folder)).toEqual([0, 1, 2].map(fileOf));
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'edited later' });
    expect((await store.history(idOf(1))).map(({ operation }) => operation)).toEqual([
      'insert',
      'delete',
      'insert',
    ]);
  });

  test('goes under a later edit: lists have that at once', async () => {
    const folder = folderInMemory();
    await decidedAlone(folder);
    writeJson(folder, fileOf(0), makeRun(0, { branch: 'edited later' }));
    const { repository } = await openFolder({ path: folder });
    const { items } = await repository.list({}, { order: 'oldest' });
    expect(items.map(({ branch }) => branch)).toEqual(['edited later', undefined]);
    expect(namesIn(folder)).toEqual([0, 2].map(fileOf));
  });

  test('and whose file somebody edited since leaves nothing prepared in the folder', async () => {
    const folder = folderInMemory();
    const other = await openFolder({ path: folder });
    await decidedAlone(folder);
    writeJson(folder, fileOf(0), makeRun(0, { branch: 'edited later' }));
    await other.repository.save(makeRun(9));
    expect(namesIn(folder)).toEqual([0, 2, 9].map(fileOf));
  });

  test('does not go back to what it was when a copy of its old file comes meanwhile', async () => {
    const folder = folderInMemory();
    const first = await openFolder({ path: folder });
    await first.repository.save(makeRun(1));
    await first.repository.close();
    const { repository, store } = await openFolder({ path: folder, calls: REFUSING });
    await repository.save(makeRun(1, { branch: 'decided' })).catch(() => {});
    cpSync(join(folder, REFUSED), join(folder, 'copy.json'));
    await until(async () => (await store.quarantined()).length > 0);
    expect(await store.quarantined()).toMatchObject([{ name: 'copy.json' }]);
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'decided', version: 2 });
  });

  test('over a file that was no run is finished in a copy of the folder too', async () => {
    const folder = folderInMemory();
    const copy = join(folderInMemory(), 'copy');
    writeFileSync(join(folder, fileOf(1)), '{"half');
    await settle();
    const calls = {
      ...SYSTEM_CALLS,
      rename: () => {
        throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'rename' });
      },
    };
    const first = await openFolder({ path: folder, calls });
    await expect(first.repository.save(makeRun(1))).rejects.toMatchObject({
      message: expect.stringContaining('is decided'),
    });
    await first.repository.close();
    cpSync(folder, copy, { recursive: true });
    await openFolder({ path: copy });
    expect(namesIn(copy)).toEqual([fileOf(1), expect.stringMatching(/\.put-aside$/)]);
    expect(readJson(copy, fileOf(1))).toMatchObject({ id: idOf(1), version: 1 });
  });

  test('is told as decided where the index cannot note that its files are in place', async () => {
    const folder = folderInMemory();
    const calls: FileCalls = {
      ...SYSTEM_CALLS,
      async syncFolder(path) {
        await SYSTEM_CALLS.syncFolder(path);
        const index = new DatabaseSync(join(folder, '.runledger', 'index.db'));
        index.exec('DROP TABLE IF EXISTS file_intents');
        index.close();
      },
    };
    const { repository } = await openFolder({ path: folder, calls });
    await expect(repository.save(makeRun(1))).rejects.toMatchObject({
      message: expect.stringContaining('is decided all the same'),
    });
    expect(namesIn(folder)).toEqual([fileOf(1)]);
  });

  test('has what it prepared never put aside, however long that waits', async () => {
    const calls = { ...SYSTEM_CALLS, rename: () => fail() };
    const { repository, store } = await openFolder({ path: folderInMemory(), calls });
    await repository.save(makeRun(1)).catch(() => {});
    await delay(300);
    expect(await store.quarantined()).toEqual([]);
  });
});
