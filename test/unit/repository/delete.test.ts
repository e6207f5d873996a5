import { expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { RunledgerError } from '../../../src/repository/errors.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit as editIn, runsOf } from '../../support/list-source.ts';

test('a left-over that is changed in that moment is not deleted', async () => {
  const store = openMemoryStore();
  await editIn(store, makeRun(1, { status: 'RETRYING' }));
  let writes = 0;
  const repository = guardRepository({
    ...store,
    async write(...given) {
      writes += 1;
      if (writes === 2) await editIn(store, makeRun(1, { status: 'RETRYING', branch: 'new' }));
      return await store.write(...given);
    },
  });
  await expect(repository.delete(idOf(1))).rejects.toMatchObject({ code: 'ACTIVE' });
  expect(await runsOf(store)).toMatchObject([{ branch: 'new' }]);
});

test('a failure before anything was deleted is told as it is', async () => {
  const store = openMemoryStore();
  await editIn(store, makeRun(1));
  const failure = new RunledgerError('FULL', 'No space.');
  const repository = guardRepository({ ...store, write: () => Promise.reject(failure) });
  const call = repository.deleteMany({ repository: 'acme/app' });
  await expect(call).rejects.toMatchObject({ code: 'FULL', message: 'No space.' });
});

test('a run that was changed since it was listed goes only if it matches still', async () => {
  const store = openMemoryStore();
  for (const run of makeRuns(3)) await editIn(store, run);
  let writes = 0;
  const repository = guardRepository({
    ...store,
    async write(...given) {
      writes += 1;
      if (writes === 1) {
        await editIn(store, makeRun(1, { repository: 'other/app' }));
        await editIn(store, makeRun(2, { branch: 'edited' }));
      }
      return await store.write(...given);
    },
  });
  expect(await repository.deleteMany({ repository: 'acme/app' })).toEqual({
    deleted: 2,
    active: 0,
  });
  expect((await runsOf(store)).map(({ id }) => id)).toEqual([idOf(1)]);
});

test('a run that is changed all the time counts as active, and the rest goes', async () => {
  const store = openMemoryStore();
  for (const run of makeRuns(3)) await editIn(store, run);
  let changes = 0;
  const repository = guardRepository({
    ...store,
    async write(...given) {
      changes += 1;
      await editIn(store, makeRun(1, { branch: `${changes}` }));
      return await store.write(...given);
    },
  });
  expect(await repository.deleteMany({ repository: 'acme/app' })).toEqual({
    deleted: 2,
    active: 1,
  });
});
