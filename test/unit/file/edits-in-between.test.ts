import { describe, expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import {
  edit,
  fileOf,
  folderOf,
  namesIn,
  openFolder,
  readJson,
  writeJson,
} from './support/file-store.ts';

describe('what others change in a folder while we are at work', () => {
  test('during a transaction on the same file makes that fail, and nothing is lost', async () => {
    const folder = await folderOf(2);
    const { repository } = await openFolder({ path: folder });
    const call = repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['mine'] }));
      await inside.save(makeRun(1, { tags: ['mine'] }));
      edit(folder, 0, { branch: 'edited' });
    });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.any(String) });
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'edited' });
    expect((await repository.findById(idOf(1)))?.tags).toBeUndefined();
    expect(namesIn(folder)).toEqual([fileOf(0), fileOf(1)]);
  });

  test('between two writes of a transaction to one run makes it fail as well', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    const call = repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['first'] }));
      edit(folder, 0, { branch: 'edited' });
      await inside.save(makeRun(0, { tags: ['second'] }));
    });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'edited', version: 2 });
  });

  test('is what a transaction reads and goes on from, as one change of the ledger', async () => {
    const folder = await folderOf(2);
    const opened = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'edited' });
    edit(folder, 1, { branch: 'edited' });
    await opened.repository.transaction(async (inside) => {
      const [one, other] = await Promise.all([0, 1].map((n) => inside.findById(idOf(n))));
      expect([one?.branch, other?.branch]).toEqual(['edited', 'edited']);
      for (const run of [one, other]) if (run) await inside.save({ ...run, tags: ['mine'] });
    });
    const history = [
      ...(await opened.store.history(idOf(0))),
      ...(await opened.store.history(idOf(1))),
    ];
    const later = history.filter(({ operation }) => operation === 'update');
    expect(later.map(({ version }) => version)).toEqual([2, 3, 2, 3]);
    expect(new Set(later.map(({ transaction }) => transaction)).size).toBe(1);
  });

  test('of the time of a run takes none from a stream or a copy that meets it', async () => {
    const folder = folderInMemory();
    const { repository, store } = await openFolder({ path: folder });
    await repository.saveMany(makeRuns(600));
    const ids = (await Array.fromAsync(repository.stream({}, { order: 'oldest' }))).map(
      ({ id }) => id,
    );
    const move = (at: number) => {
      const name = `${ids[at]}.json`;
      writeJson(folder, name, { ...readJson(folder, name), startedAt: '2030-01-01T00:00:00.000Z' });
    };
    move(199);
    const streamed = await Array.fromAsync(repository.stream({}, { order: 'oldest' }));
    expect(new Set(streamed.map(({ id }) => id)).size).toBe(600);
    move(499);
    const copied = await Array.fromAsync((await storeSource(store)).items());
    expect(new Set(copied.flatMap((item) => (item.kind === 'run' ? item.run.id : []))).size).toBe(
      600,
    );
  });

  test('that was not seen yet keeps a run from being deleted that matches no more', async () => {
    const folder = await folderOf(3);
    const { repository } = await openFolder({ path: folder });
    edit(folder, 1, { repository: 'other/app' });
    edit(folder, 2, { branch: 'edited' });
    const report = await repository.deleteMany({ repository: 'acme/app' });
    expect(report).toEqual({ deleted: 2, active: 0 });
    expect(namesIn(folder)).toEqual([fileOf(1)]);
  });
});
