import { chmodSync, copyFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import { SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { asOrdinaryUser } from '../../support/run-folder-files.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { fail, WITHOUT_PLACES } from './support/calls.ts';
import { fileOf, namesIn, openFolder, readJson, settle, writeJson } from './support/file-store.ts';

const tagsOf = async (repository: RunRepository, number: number) =>
  (await repository.findById(idOf(number)))?.tags;

/** A folder with run 0, and a copy of its file that was seen. */
async function folderWithCopy(name = 'copy.json'): Promise<string> {
  const folder = folderInMemory();
  writeJson(folder, fileOf(0), makeRun(0));
  copyFileSync(join(folder, fileOf(0)), join(folder, name));
  await settle();
  const { repository } = await openFolder({ path: folder });
  await repository.close();
  return folder;
}

describe('a copy of a run that comes while a transaction changes it', () => {
  test('does not undo what was written', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.save(makeRun(0));
    await repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['mine'] }));
      copyFileSync(join(folder, fileOf(0)), join(folder, fileOf(1)));
      expect(await inside.findById(idOf(1))).toBeNull();
    });
    expect(readJson(folder, fileOf(0)).tags).toEqual(['mine']);
    expect(await tagsOf(repository, 0)).toEqual(['mine']);
  });

  test('does not come over a run that is new', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['mine'] }));
      writeJson(folder, fileOf(1), makeRun(0, { tags: ['foreign'] }));
      expect(await inside.findById(idOf(1))).toBeNull();
    });
    expect(await tagsOf(repository, 0)).toEqual(['mine']);
  });

  test('does not keep it from being deleted, and counts from then on', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder, sweepMs: 20 });
    await repository.save(makeRun(0));
    await repository.transaction(async (inside) => {
      expect(await inside.delete(idOf(0))).toBe(true);
      copyFileSync(join(folder, fileOf(0)), join(folder, fileOf(1)));
      expect(await inside.findById(idOf(1))).toBeNull();
      expect(await inside.findById(idOf(0))).toBeNull();
    });
    expect(namesIn(folder)).toEqual([expect.stringMatching(/\.put-aside$/)]);
    expect(await repository.findById(idOf(0))).toBeNull();
  });

  test('is taken in later where the transaction had only looked for the run', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder, sweepMs: 20 });
    await repository.transaction(async (inside) => {
      expect(await inside.findById(idOf(0))).toBeNull();
      writeJson(folder, fileOf(1), makeRun(0));
      expect(await inside.findById(idOf(1))).toBeNull();
    });
    await until(async () => (await repository.findById(idOf(0))) !== null);
  });
});

describe('a copy of a run that is deleted', () => {
  test('that somebody made another run since stays', async () => {
    const folder = await folderWithCopy();
    const { repository } = await openFolder({ path: folder });
    writeJson(folder, 'copy.json', makeRun(5));
    expect(await repository.delete(idOf(0))).toBe(true);
    await until(async () => (await repository.findById(idOf(5))) !== null);
    expect(namesIn(folder)).toEqual(['copy.json']);
  });

  test('does not bring it back in a copy of the folder, before it was put in place', async () => {
    const folder = await folderWithCopy();
    const copy = join(folderInMemory(), 'copied');
    const { repository } = await openFolder({ path: folder, calls: WITHOUT_PLACES });
    await expect(repository.delete(idOf(0))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await repository.close();
    cpSync(folder, copy, { recursive: true });
    const opened = await openFolder({ path: copy });
    expect(await opened.repository.findById(idOf(0))).toBeNull();
    expect(namesIn(copy)).toEqual([expect.stringMatching(/^copy\.json\..*\.put-aside$/)]);
  });

  test('is moved out of the way whatever the length of its name', async () => {
    const folder = await folderWithCopy(`${'a'.repeat(240)}.json`);
    const { repository } = await openFolder({ path: folder });
    expect(await repository.delete(idOf(0))).toBe(true);
    expect(namesIn(folder)).toEqual([expect.stringMatching(/\.put-aside$/)]);
    expect((await repository.save(makeRun(0))).result).toBe('inserted');
  });
});

describe('a file that cannot be read', () => {
  test('and held another run is not moved away for the one that it is named by', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(1), makeRun(0));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    writeFileSync(join(folder, fileOf(1)), '{"id":');
    await until(async () => (await store.quarantined()).length === 1);
    await repository.save(makeRun(1));
    expect(namesIn(folder)).toEqual([expect.stringMatching(/1\.[0-9a-f]{8}\.json$/), fileOf(1)]);
    await repository.transaction(async (inside) => {
      await inside.delete(idOf(0));
      await inside.save(makeRun(1, { tags: ['mine'] }));
    });
    expect(await repository.findById(idOf(0))).toBeNull();
    expect(await tagsOf(repository, 1)).toEqual(['mine']);
  });

  test('for lack of rights keeps a change that waits for it, which follows later', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no POSIX modes');
    const folder = folderInMemory();
    chmodSync(folder, 0o777);
    await asOrdinaryUser(async () => {
      const first = await openFolder({ path: folder });
      await first.repository.save(makeRun(0));
      await first.repository.close();
      const calls = { ...SYSTEM_CALLS, rename: () => fail('EPERM') };
      const { repository } = await openFolder({ path: folder, calls });
      await repository.save(makeRun(0, { tags: ['decided'] })).catch(() => {});
      await repository.close();
      chmodSync(join(folder, fileOf(0)), 0);
      const unreadable = await openFolder({ path: folder });
      expect(await tagsOf(unreadable.repository, 0)).toEqual(['decided']);
      await unreadable.repository.close();
      chmodSync(join(folder, fileOf(0)), 0o644);
      const readable = await openFolder({ path: folder });
      expect(await tagsOf(readable.repository, 0)).toEqual(['decided']);
      expect(readJson(folder, fileOf(0)).tags).toEqual(['decided']);
      await readable.repository.close();
    });
  });
});

test('a name that another run takes in the last moment is left to it: both have a file', async () => {
  const folder = folderInMemory();
  let isFirst = true;
  const calls = {
    ...SYSTEM_CALLS,
    rename(from: string, to: string) {
      SYSTEM_CALLS.rename(from, to);
      if (isFirst) writeJson(folder, fileOf(to.endsWith(fileOf(0)) ? 1 : 0), makeRun(7));
      isFirst = false;
    },
  };
  const { repository } = await openFolder({ path: folder, calls });
  await repository.saveMany([makeRun(0), makeRun(1)]);
  await repository.close();
  rmSync(join(folder, '.runledger'), { recursive: true });
  const again = await openFolder({ path: folder });
  const ids = (await again.repository.list({}, { order: 'oldest' })).items.map(({ id }) => id);
  expect(ids).toEqual([0, 1, 7].map(idOf));
});
