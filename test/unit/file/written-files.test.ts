import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, inputOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { namesIn, openFolder, readJson, writeJson } from './support/file-store.ts';

const fileOf = (number: number) => `${idOf(number)}.json`;

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
    expect(await repository.findById(idOf(1))).toMatchObject({ version: 1 });
  });
});
