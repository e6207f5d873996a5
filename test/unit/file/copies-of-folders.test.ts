import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { type FileCalls, SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { fileOf, openFolder, readJson, writeJson } from './support/file-store.ts';

/** A disk that loses the end of every file. */
const LOSING: FileCalls = {
  ...SYSTEM_CALLS,
  create(path, replaced) {
    const file = SYSTEM_CALLS.create(path, replaced);
    return { ...file, write: (text) => file.write(text.slice(0, 20)) };
  },
};

describe('a copy into a folder', () => {
  test('is proved by its files: what the index has of them is no proof', async () => {
    const source = openMemoryStore();
    await guardRepository(source).saveMany(makeRuns(3));
    const { store } = await openFolder({ path: folderInMemory(), calls: LOSING });
    const report = await copyRuns(await storeSource(source), store);
    expect(report).toMatchObject({ written: 3, verified: 0 });
    expect(report.differences).toEqual([0, 1, 2].map(idOf));
  });

  test('writes files again that cannot be read any more, though their runs are known', async () => {
    const source = openMemoryStore();
    await guardRepository(source).saveMany(makeRuns(2));
    const folder = folderInMemory();
    const { store } = await openFolder({ path: folder });
    await copyRuns(await storeSource(source), store);
    writeJson(folder, fileOf(1), { broken: true });
    const report = await copyRuns(await storeSource(source), store);
    expect(report).toMatchObject({ unchanged: 2, verified: 2, differences: [] });
    expect(readJson(folder, fileOf(1)).id).toBe(idOf(1));
  });
});

describe('a copy out of a folder', () => {
  test('goes on after its index was made anew: what was copied and edited since is no conflict', async () => {
    const folder = folderInMemory();
    for (const run of makeRuns(3)) writeJson(folder, `${run.id}.json`, run);
    const target = openMemoryStore();
    const copy = async () => {
      const { store, repository } = await openFolder({ path: folder });
      const report = await copyRuns(await storeSource(store), target);
      await repository.close();
      return report;
    };
    expect(await copy()).toMatchObject({ written: 3 });
    rmSync(join(folder, '.runledger'), { recursive: true });
    writeJson(folder, fileOf(1), makeRun(1, { branch: 'edited' }));
    expect(await copy()).toMatchObject({ written: 1, unchanged: 2, differences: [] });

    // Where somebody edits it on the other side, nobody can tell which is later.
    await guardRepository(target).save(makeRun(2, { branch: 'there' }));
    rmSync(join(folder, '.runledger'), { recursive: true });
    writeJson(folder, fileOf(2), makeRun(2, { branch: 'here' }));
    expect(await copy()).toMatchObject({ written: 0, differences: [idOf(2)] });
  });
});

test('what was put aside is released where a copy finds it mended, also out of an index', async () => {
  const folder = folderInMemory();
  writeJson(folder, fileOf(0), makeRun(0));
  writeFileSync(join(folder, fileOf(1)), '{"id"');
  const { store } = await openFolder({ path: folder });
  const target = openMemoryStore();
  await copyRuns(await storeSource(store), target);
  expect(await target.quarantined()).toMatchObject([{ name: fileOf(1) }]);
  writeJson(folder, fileOf(1), makeRun(1));
  await until(async () => (await store.quarantined()).length === 0);
  expect(await copyRuns(await storeSource(store), target)).toMatchObject({ setAside: [] });
  expect(await target.quarantined()).toEqual([]);
});

test('what was put aside under one name in two places goes along from both', async () => {
  const [source, target] = [openMemoryStore(), openMemoryStore()];
  const items = ['file:/a', 'file:/b'].map((origin) => ({
    ...{ origin, name: 'x.json', reason: 'It is broken.', bytes: null },
  }));
  await source.quarantine(items);
  const { setAside } = await copyRuns(await storeSource(source), target);
  expect(setAside.map((one) => one.source)).toEqual(['file:/a x.json', 'file:/b x.json']);
  expect(await target.quarantined()).toEqual(items);
});
