import { expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { RunledgerError } from '../../../src/repository/errors.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit as editIn, runsOf } from '../../support/list-source.ts';

/** A repository over a store; something happens just before its first write, its second, and so on. */
function whileWriting(
  store: RunStore,
  happens: (write: number) => Promise<unknown>,
): RunRepository {
  let writes = 0;
  return guardRepository({
    ...store,
    async write(...given) {
      writes += 1;
      await happens(writes);
      return await store.write(...given);
    },
  });
}

test('a left-over that is changed in that moment is not deleted', async () => {
  const store = openMemoryStore();
  await editIn(store, makeRun(1, { status: 'RETRYING' }));
  const repository = whileWriting(store, async (write) => {
    if (write === 2) await editIn(store, makeRun(1, { status: 'RETRYING', branch: 'new' }));
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
  const repository = whileWriting(store, async (write) => {
    if (write > 1) return;
    await editIn(store, makeRun(1, { repository: 'other/app' }));
    await editIn(store, makeRun(2, { branch: 'edited' }));
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
  const repository = whileWriting(store, (write) =>
    editIn(store, makeRun(1, { branch: `${write}` })),
  );
  expect(await repository.deleteMany({ repository: 'acme/app' })).toEqual({
    deleted: 2,
    active: 1,
  });
});
