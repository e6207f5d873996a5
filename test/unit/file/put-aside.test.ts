import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { fileOf, namesIn, openFolder, readJson, settle, writeJson } from './support/file-store.ts';

/** A folder with a run, and an older copy of it. */
async function folderWithCopy(): Promise<string> {
  const folder = folderInMemory();
  writeJson(folder, fileOf(1), makeRun(1));
  writeJson(folder, 'copy.json', makeRun(1, { branch: 'older' }));
  await settle();
  return folder;
}

/** Makes the index know what is in a folder now. */
async function see(folder: string): Promise<void> {
  const { repository } = await openFolder({ path: folder });
  await repository.close();
}

describe('a file that is no run', () => {
  test('is in the quarantine with its bytes and reason, and leaves it when it is mended', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(1), makeRun(1));
    writeFileSync(join(folder, fileOf(2)), '{"id":');
    mkdirSync(join(folder, 'a folder.json'));
    const { repository, store } = await openFolder({ path: folder });
    const items = await store.quarantined(`file:${folder}`);
    expect(items.map(({ name, bytes }) => [name, bytes && String(Buffer.from(bytes))])).toEqual([
      [fileOf(2), '{"id":'],
      ['a folder.json', null],
    ]);
    expect((await repository.statistics()).totalRuns).toBe(1);
    writeJson(folder, fileOf(2), makeRun(2));
    rmSync(join(folder, 'a folder.json'), { recursive: true });
    await until(async () => (await store.quarantined()).length === 0);
    expect((await repository.statistics()).totalRuns).toBe(2);
  });

  test('moves with its folder: it is told of under the new path', async () => {
    const folder = join(folderInMemory(), 'runs');
    mkdirSync(folder);
    writeFileSync(join(folder, fileOf(2)), '{"id":');
    const { repository } = await openFolder({ path: folder });
    await repository.close();
    renameSync(folder, `${folder}-moved`);
    const { store } = await openFolder({ path: `${folder}-moved` });
    const origin = `file:${folder}-moved`;
    expect(await store.quarantined(origin)).toMatchObject([{ origin, name: fileOf(2) }]);
    expect(await store.quarantined()).toHaveLength(1);
  });

  test('and was one keeps the run as it was last: half a file is no deletion', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(1), makeRun(1));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    const text = readFileSync(join(folder, fileOf(1)), 'utf8');
    writeFileSync(join(folder, fileOf(1)), text.slice(0, 40));
    expect(await repository.findById(idOf(1))).toMatchObject({ version: 1 });
    expect(await store.quarantined()).toMatchObject([{ name: fileOf(1) }]);
    await repository.close();
    const again = await openFolder({ path: folder });
    expect(await again.repository.findById(idOf(1))).toMatchObject({ version: 1 });
    expect(await Array.fromAsync(again.repository.changes())).toHaveLength(1);
    writeFileSync(join(folder, fileOf(1)), text);
    await until(async () => (await again.store.quarantined()).length === 0);
    rmSync(join(folder, fileOf(1)));
    expect(await again.repository.findById(idOf(1))).toBeNull();
  });

  test('and is deleted takes the run along that it held before', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(1), makeRun(1));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    writeFileSync(join(folder, fileOf(1)), 'broken');
    await until(async () => (await store.quarantined()).length === 1);
    rmSync(join(folder, fileOf(1)));
    await until(async () => (await repository.findById(idOf(1))) === null);
    expect(await store.quarantined()).toEqual([]);
  });
});

describe('two files of one run', () => {
  test('the one named by it counts, the other is told; it steps in when that is gone', async () => {
    const folder = folderInMemory();
    const [named, spare] = [fileOf(1), `${idOf(1)} (1).json`];
    writeJson(folder, named, makeRun(1, { branch: 'named' }));
    writeJson(folder, spare, makeRun(1, { branch: 'spare' }));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'named', version: 1 });
    expect(await store.quarantined()).toMatchObject([
      { name: spare, reason: expect.stringContaining(`"${named}" is taken for it`) },
    ]);
    rmSync(join(folder, named));
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'spare', version: 2 });
    expect(await store.quarantined()).toEqual([]);
  });

  test('an older copy does not step in while the file of the run is half written', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(1), makeRun(1, { branch: 'named' }));
    writeJson(folder, 'copy.json', makeRun(1, { branch: 'older' }));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    writeFileSync(join(folder, fileOf(1)), '{"half');
    await until(async () => (await store.quarantined()).length === 2);
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'named', version: 1 });
    writeJson(folder, fileOf(1), makeRun(1, { branch: 'whole again' }));
    await until(async () => (await store.quarantined()).length === 1);
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'whole again', version: 2 });
  });

  test('the one named by it takes over from another when it comes', async () => {
    const folder = folderInMemory();
    writeJson(folder, 'other.json', makeRun(1, { branch: 'other' }));
    await settle();
    const { repository, store } = await openFolder({ path: folder });
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'other' });
    writeJson(folder, fileOf(1), makeRun(1, { branch: 'named' }));
    await until(async () => (await repository.findById(idOf(1)))?.branch === 'named');
    expect(await store.quarantined()).toMatchObject([{ name: 'other.json' }]);
  });

  test('a file that comes to hold another run leaves its first one', async () => {
    const folder = folderInMemory();
    writeJson(folder, 'one.json', makeRun(1));
    await settle();
    const { repository } = await openFolder({ path: folder });
    writeJson(folder, 'one.json', makeRun(2));
    await until(async () => (await repository.findById(idOf(2))) !== null);
    expect(await repository.findById(idOf(1))).toBeNull();
    expect((await repository.statistics()).totalRuns).toBe(1);
  });
});

test('a copy that breaks does not keep its run from being deleted', async () => {
  const folder = await folderWithCopy();
  await see(folder);
  writeFileSync(join(folder, 'copy.json'), 'broken');
  const second = await openFolder({ path: folder });
  await second.repository.close();
  rmSync(join(folder, fileOf(1)));
  const { repository } = await openFolder({ path: folder });
  expect(await repository.findById(idOf(1))).toBeNull();
});

test('half of a file is no deletion though a copy comes to hold another run', async () => {
  const folder = await folderWithCopy();
  await see(folder);
  writeFileSync(join(folder, fileOf(1)), '{"half');
  writeJson(folder, 'copy.json', makeRun(2));
  const { repository } = await openFolder({ path: folder });
  expect(await repository.findById(idOf(1))).toMatchObject({ version: 1 });
  expect(await repository.findById(idOf(2))).toMatchObject({ version: 1 });
});

test('the one that steps in is the one that a transaction writes to', async () => {
  const folder = folderInMemory();
  const spare = `${idOf(1)} (1).json`;
  writeJson(folder, fileOf(1), makeRun(1, { branch: 'named' }));
  writeJson(folder, spare, makeRun(1, { branch: 'spare' }));
  await settle();
  const { repository } = await openFolder({ path: folder });
  rmSync(join(folder, fileOf(1)));
  await repository.transaction(async (inside) => {
    expect(await inside.findById(idOf(1))).toMatchObject({ branch: 'spare' });
    await inside.save(makeRun(1, { branch: 'mine' }));
  });
  expect(namesIn(folder)).toEqual([spare]);
  expect(readJson(folder, spare)).toMatchObject({ branch: 'mine', version: 3 });
});

test('the one named by it counts though the one that held it cannot be read any more', async () => {
  const folder = folderInMemory();
  writeJson(folder, 'other.json', makeRun(1));
  await settle();
  await see(folder);
  writeFileSync(join(folder, 'other.json'), 'broken');
  writeJson(folder, fileOf(1), makeRun(1, { branch: 'named' }));
  const { repository, store } = await openFolder({ path: folder });
  expect((await repository.list()).items).toMatchObject([{ branch: 'named', version: 2 }]);
  expect(await store.quarantined()).toMatchObject([{ name: 'other.json' }]);
});

test('the other is told at once when the one named by it takes over', async () => {
  const folder = folderInMemory();
  writeJson(folder, 'other.json', makeRun(1, { branch: 'other' }));
  await settle();
  await see(folder);
  writeJson(folder, fileOf(1), makeRun(1, { branch: 'named' }));
  const { repository, store } = await openFolder({ path: folder });
  expect((await repository.list()).items).toMatchObject([{ branch: 'named', version: 2 }]);
  expect(await store.quarantined()).toMatchObject([{ name: 'other.json' }]);
});

test('a name that is not UTF-8 is put aside, and told', async () => {
  const folder = folderInMemory();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), '{}');
  const { store } = await openFolder({ path: folder });
  expect(await store.quarantined()).toMatchObject([
    { reason: expect.stringContaining('not UTF-8') },
  ]);
});

test('what others and what the folder itself put aside comes in order', async () => {
  const folder = folderInMemory();
  writeFileSync(join(folder, 'broken.json'), '{');
  const { store } = await openFolder({ path: folder });
  await store.quarantine([
    { origin: 'file:/a', name: 'a.json', reason: 'It is broken.', bytes: null },
  ]);
  const origins = (await store.quarantined()).map(({ origin }) => origin);
  expect(origins).toEqual(['file:/a', `file:${folder}`]);
});

test('a copy of a run that is deleted does not bring it back: it is moved out of the way', async () => {
  const folder = await folderWithCopy();
  const { repository } = await openFolder({ path: folder });
  expect(await repository.delete(idOf(1))).toBe(true);
  const [aside = '', ...others] = namesIn(folder);
  expect([aside, others]).toEqual([expect.stringMatching(/^copy\.json\..*\.put-aside$/), []]);
  expect(readJson(folder, aside)).toMatchObject({ branch: 'older' });
  await repository.close();
  rmSync(join(folder, '.runledger'), { recursive: true });
  const again = await openFolder({ path: folder });
  expect((await again.repository.statistics()).totalRuns).toBe(0);
  expect(await again.store.quarantined()).toMatchObject([{ name: aside }]);
});
