import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, inputOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { whileWriting } from './support/calls.ts';
import { fileOf, namesIn, openFolder, readJson, writeJson } from './support/file-store.ts';

describe('the files of a store', () => {
  test('are one per run, in the old layout, with version and times behind', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany(makeRuns(3));
    expect(namesIn(folder)).toEqual([0, 1, 2].map(fileOf));
    const text = readFileSync(join(folder, fileOf(1)), 'utf8');
    const stored = await repository.findById(idOf(1));
    expect(text).toBe(JSON.stringify(stored, null, 2));
    expect(Object.keys(readJson(folder, fileOf(1))).slice(-3)).toEqual([
      'version',
      'createdAt',
      'updatedAt',
    ]);
  });

  test('go with their runs, and follow their changes', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany(makeRuns(2));
    await repository.save(makeRun(1, { tags: ['changed'] }));
    await repository.delete(idOf(0));
    expect(namesIn(folder)).toEqual([fileOf(1)]);
    expect(readJson(folder, fileOf(1))).toMatchObject({ tags: ['changed'], version: 2 });
  });

  test('are not touched by a save that changes nothing, nor by being read', async () => {
    const folder = folderInMemory();
    writeFileSync(join(folder, fileOf(1)), `\ufeff${JSON.stringify(makeRun(1))}\r\n`);
    const before = statSync(join(folder, fileOf(1)), { bigint: true });
    const { repository } = await openFolder({ path: folder });
    expect((await repository.save(makeRun(1))).result).toBe('unchanged');
    await repository.saveMany([makeRun(1), makeRun(2)]);
    await repository.findById(idOf(1));
    await repository.close();
    await openFolder({ path: folder });
    const after = statSync(join(folder, fileOf(1)), { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([
      before.ino,
      before.mtimeNs,
      before.ctimeNs,
    ]);
  });

  test('keep their permissions: what was private stays so', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.save(makeRun(1));
    chmodSync(join(folder, fileOf(1)), 0o600);
    await repository.save(makeRun(1, { branch: 'b' }));
    expect(statSync(join(folder, fileOf(1))).mode & 0o777).toBe(0o600);
    chmodSync(join(folder, fileOf(1)), 0o666);
    await repository.save(makeRun(1, { branch: 'c' }));
    expect(statSync(join(folder, fileOf(1))).mode & 0o777).toBe(0o666);
  });

  test('have beside them what only those may read who may write them', async () => {
    for (const [mode, own] of [
      [0o755, 0o700],
      [0o770, 0o770 & ~process.umask()],
    ] as const) {
      const folder = folderInMemory();
      chmodSync(folder, mode);
      await openFolder({ path: folder });
      expect(statSync(join(folder, '.runledger')).mode & 0o777).toBe(own);
    }
  });

  test.for([
    ['permissions', (path: string) => chmodSync(path, 0o600)],
    ['another name', (path: string) => linkSync(path, `${path}.link`)],
  ] as const)('are written though their file is given %s in that moment', async ([, change]) => {
    const folder = folderInMemory();
    const path = join(folder, fileOf(1));
    const { repository } = await openFolder({
      path: folder,
      calls: whileWriting(() => change(path)),
    });
    await repository.save(makeRun(1));
    expect((await repository.save(makeRun(1, { branch: 'b' }))).version).toBe(2);
    expect(readJson(folder, fileOf(1))).toMatchObject({ branch: 'b', version: 2 });
  });

  test('are not written where their run is changed in that moment', async () => {
    const folder = folderInMemory();
    const edit = () => writeJson(folder, fileOf(1), makeRun(1, { branch: 'edited' }));
    const { repository } = await openFolder({ path: folder, calls: whileWriting(edit) });
    await repository.save(makeRun(1));
    const save = repository.save(makeRun(1, { branch: 'b', version: 1 }));
    await expect(save).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'edited', version: 2 });
  });

  test('get another name where a file of theirs holds another run: it may be the only one', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(2), makeRun(1));
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany([makeRun(1, { branch: 'one' }), makeRun(2, { branch: 'two' })]);
    const names = namesIn(folder);
    expect(names).toEqual([expect.stringMatching(/2\.[0-9a-f]{8}\.json$/), fileOf(2)]);
    expect(names.map((name) => readJson(folder, name).branch)).toEqual(['two', 'one']);
    await repository.save(makeRun(2, { branch: 'two again' }));
    expect(namesIn(folder)).toEqual(names);
    await repository.close();
    rmSync(join(folder, '.runledger'), { recursive: true });
    const again = await openFolder({ path: folder });
    const runs = await Array.fromAsync(again.repository.stream({}, { order: 'oldest' }));
    expect(runs.map(({ branch, version }) => [branch, version])).toEqual([
      ['one', 2],
      ['two again', 2],
    ]);
  });

  test('come back with a save of what is stored, where they cannot be read', async () => {
    const folder = folderInMemory();
    const { repository, store } = await openFolder({ path: folder });
    await repository.save(makeRun(1));
    writeFileSync(join(folder, fileOf(1)), 'broken');
    expect((await repository.save(makeRun(1))).result).toBe('unchanged');
    expect(readJson(folder, fileOf(1))).toMatchObject({ id: idOf(1), version: 1 });
    expect(await store.read([idOf(1)], { asKept: true })).toHaveProperty('size', 1);
  });

  test('that cannot be read are answered from the index, unless they are to be proved', async () => {
    const folder = folderInMemory();
    const { repository, store } = await openFolder({ path: folder });
    await repository.saveMany([makeRun(1), makeRun(2)]);
    writeFileSync(join(folder, fileOf(1)), 'broken');
    const ids = [idOf(1), idOf(2)];
    expect([...(await store.read(ids)).keys()]).toEqual(ids);
    expect([...(await store.read(ids, { asKept: true })).keys()]).toEqual([idOf(2)]);
  });

  test('keep the name under which their run was found', async () => {
    const folder = folderInMemory();
    writeJson(folder, 'my run.json', makeRun(1));
    const { repository } = await openFolder({ path: folder });
    await repository.save(makeRun(1, { branch: 'b' }));
    expect(namesIn(folder)).toEqual(['my run.json']);
    expect(readJson(folder, 'my run.json').branch).toBe('b');
    await repository.delete(idOf(1));
    expect(namesIn(folder)).toEqual([]);
  });

  test('hold what JSON needs escapes for, and it comes back', async () => {
    const folder = folderInMemory();
    const run = makeRun(1, {
      input: inputOf('a\0b \ud800 \u2028 "quoted" \\ 2026-01-01T00:00:00.000Z'),
      metadata: JSON.parse('{"__proto__": {"a": 1}, "-0": -0, "deep": [[[]]]}'),
    });
    const { repository } = await openFolder({ path: folder });
    await repository.save(run);
    await repository.close();
    const { repository: again } = await openFolder({ path: folder });
    const found = await again.findById(idOf(1));
    expect(found && digestOf(found)).toBe(digestOf(run));
  });

  test('are written over nothing that is no run: that is moved out of the way', async () => {
    const folder = folderInMemory();
    writeFileSync(join(folder, fileOf(1)), '{"half');
    const { repository, store } = await openFolder({ path: folder });
    expect(await store.quarantined(`file:${folder}`)).toHaveLength(1);
    await repository.save(makeRun(1));
    const [own, aside, ...more] = namesIn(folder);
    expect([own, more]).toEqual([fileOf(1), []]);
    expect(aside).toMatch(/\.put-aside$/);
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe('{"half');
    await until(async () => (await store.quarantined())[0]?.name === aside);
    expect(await store.quarantined()).toMatchObject([
      { reason: expect.stringContaining('in the way of a run') },
    ]);
    expect(await repository.findById(idOf(1))).toMatchObject({ version: 1 });
  });
});
