import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import { SYSTEM_CALLS } from '../../../src/stores/file/file-calls.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { decidedAlone, REFUSED, REFUSING } from './support/calls.ts';
import { fileOf, namesIn, openFolder, readJson, writeJson } from './support/file-store.ts';

async function expectDone(folder: string, repository: RunRepository): Promise<void> {
  expect(namesIn(folder)).toEqual([0, 2].map(fileOf));
  expect(readJson(folder, fileOf(0)).tags).toEqual(['changed']);
  expect((await repository.list({}, { order: 'oldest' })).items.map(({ id }) => id)).toEqual(
    [0, 2].map(idOf),
  );
}

describe('a change that was decided and not finished', () => {
  test('is finished by who opens the folder next, and nothing of it is left over', async () => {
    const folder = folderInMemory();
    await decidedAlone(folder);
    expect(namesIn(folder).filter((name) => name.endsWith('.runledger-tmp'))).toHaveLength(2);
    const { repository } = await openFolder({ path: folder });
    await expectDone(folder, repository);
  });

  test('is what others see, who have the folder open, before its files follow', async () => {
    const folder = folderInMemory();
    const other = await openFolder({ path: folder });
    await decidedAlone(folder);
    expect((await other.repository.findById(idOf(0)))?.tags).toEqual(['changed']);
    expect(await other.repository.findById(idOf(1))).toBeNull();
    await other.repository.save(makeRun(9));
    await other.repository.delete(idOf(9));
    await expectDone(folder, other.repository);
  });

  test('is written anew where a power cut took the file that was prepared', async () => {
    const folder = folderInMemory();
    await decidedAlone(folder);
    for (const name of namesIn(folder).filter((name) => name.endsWith('.runledger-tmp'))) {
      SYSTEM_CALLS.unlink(join(folder, name));
    }
    const { repository } = await openFolder({ path: folder });
    await expectDone(folder, repository);
  });

  test('goes under a later edit by somebody else, which is a change of its own', async () => {
    const folder = folderInMemory();
    await decidedAlone(folder);
    writeJson(folder, fileOf(0), makeRun(0, { branch: 'edited later' }));
    const { repository, store } = await openFolder({ path: folder });
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'edited later' });
    const history = await store.history(idOf(0));
    expect(history.map(({ operation, version }) => [operation, version])).toEqual([
      ['insert', 1],
      ['update', 2],
      ['update', 3],
    ]);
    expect(namesIn(folder)).toEqual([0, 2].map(fileOf));
  });

  test.for(['copied', 'given other permissions'])(
    'is finished too where the folder was %s before: that changes no file',
    async (what) => {
      const folder = folderInMemory();
      await decidedAlone(folder);
      const opened = what === 'copied' ? join(folderInMemory(), 'copy') : folder;
      if (what === 'copied') cpSync(folder, opened, { recursive: true });
      else for (const name of namesIn(folder)) chmodSync(join(folder, name), 0o600);
      const { repository } = await openFolder({ path: opened });
      await expectDone(opened, repository);
    },
  );

  test('that was not decided leaves nothing: its prepared files go with the next opening', async () => {
    const folder = folderInMemory();
    const first = await openFolder({ path: folder });
    await first.repository.save(makeRun(0));
    await first.repository.close();
    const left = `.${idOf(7)}.${idOf(8)}.runledger-tmp`;
    writeFileSync(join(folder, left), JSON.stringify(makeRun(7)));
    const { repository } = await openFolder({ path: folder });
    expect(readdirSync(folder).sort()).toEqual(['.runledger', fileOf(0)]);
    expect((await repository.statistics()).totalRuns).toBe(1);
  });
});

describe('a file that the system refuses to change', () => {
  test('keeps nobody from the others, and its change is told and waits', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder, calls: REFUSING });
    await repository.save(makeRun(0));
    const message = expect.stringMatching(new RegExp(`${REFUSED}.*is decided all the same`));
    await expect(repository.save(makeRun(1))).rejects.toMatchObject({ code: 'READ_ONLY', message });
    const warned = nextWarning();
    await repository.save(makeRun(2));
    expect(await warned).toMatch(new RegExp(`waits for .*${REFUSED}`));
    expect(await repository.findById(idOf(1))).toMatchObject({ version: 1 });
    const again = repository.save(makeRun(1, { branch: 'b' }));
    await expect(again).rejects.toMatchObject({ code: 'READ_ONLY', message });
    await repository.close();
    expect(namesIn(folder).filter((name) => name.endsWith('.json'))).toEqual([0, 2].map(fileOf));

    const second = await openFolder({ path: folder, calls: REFUSING });
    expect((await second.repository.statistics()).totalRuns).toBe(3);
    await second.repository.delete(idOf(2));
    await second.repository.close();

    const allowed = await openFolder({ path: folder });
    expect(await allowed.repository.findById(idOf(1))).toMatchObject({ version: 1 });
    expect(namesIn(folder)).toEqual([0, 1].map(fileOf));
    await allowed.repository.save(makeRun(1, { branch: 'b' }));
    expect(readJson(folder, REFUSED)).toMatchObject({ branch: 'b', version: 2 });
  });

  test('does not go back to what it was when its old file is touched meanwhile', async () => {
    const folder = folderInMemory();
    const first = await openFolder({ path: folder });
    await first.repository.save(makeRun(1));
    await first.repository.close();
    const { repository } = await openFolder({ path: folder, calls: REFUSING, sweepMs: 20 });
    await repository.save(makeRun(1, { branch: 'decided' })).catch(() => {});
    chmodSync(join(folder, REFUSED), 0o600);
    writeJson(folder, fileOf(5), makeRun(5));
    await until(async () => (await repository.list()).items.length === 2);
    expect(await repository.findById(idOf(1))).toMatchObject({ branch: 'decided', version: 2 });
  });

  test('because a folder has its name gets it all the same: that is moved out of the way', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany([makeRun(1), makeRun(2)]);
    for (const name of [fileOf(1), fileOf(2)]) {
      rmSync(join(folder, name));
      mkdirSync(join(folder, name));
    }
    expect(await repository.delete(idOf(1))).toBe(true);
    await repository.save(makeRun(2, { branch: 'b' }));
    const [aside, own, other, ...more] = namesIn(folder);
    expect([own, more]).toEqual([fileOf(2), []]);
    expect([aside, other]).toEqual([1, 2].map((n) => expect.stringMatching(asideOf(n))));
    expect(await repository.findById(idOf(1))).toBeNull();
  });
});

const asideOf = (number: number) => new RegExp(`^${fileOf(number)}\\.[0-9a-f]{8}\\.put-aside$`);

function nextWarning(): Promise<string> {
  return new Promise((resolve) => {
    process.once('warning', ({ message }) => resolve(message));
  });
}
