import { expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, edit as editIn, listSource, runsOf } from '../../support/list-source.ts';

const { id } = makeRun(1);
const source = listSource(makeRuns(3));

/** Deletes run 1 as a person does, or as a copy from that origin. */
async function remove(store: RunStore, origin: string | null = null): Promise<void> {
  await store.write([{ kind: 'delete', id, expect: {} }], { atomic: true, origin });
}

async function copied(): Promise<RunStore> {
  const target = openMemoryStore();
  await copyRuns(source, target);
  return target;
}

test('a run that somebody deleted there stays deleted, copy after copy', async () => {
  const target = await copied();
  await remove(target);
  const before = await target.position();
  for (const _ of [1, 2]) {
    expect(await copyRuns(source, target)).toMatchObject({
      ...{ read: 3, written: 0, unchanged: 3, verified: 2, differences: [] },
    });
  }
  expect(await target.position()).toEqual(before);
  expect((await target.heads([id])).size).toBe(0);
});

test('so does one that came back and was deleted again, and one deleted after an edit', async () => {
  const target = await copied();
  await edit(target, makeRun(1, { branch: 'edited' }));
  await remove(target);
  expect(await copyRuns(source, target)).toMatchObject({ written: 0, unchanged: 3 });
  await edit(target, makeRun(1));
  await remove(target);
  expect(await copyRuns(source, target)).toMatchObject({ written: 0, unchanged: 3 });
});

test('a state that was never there is written', async () => {
  const target = await copied();
  await remove(target);
  const news = listSource([makeRun(1, { branch: 'went on' })]);
  expect(await copyRuns(news, target)).toMatchObject({ written: 1, verified: 1, differences: [] });
  expect((await target.read([id])).get(id)?.branch).toBe('went on');
});

test('what a copy deleted is written again', async () => {
  const target = await copied();
  await remove(target, source.origin);
  expect(await copyRuns(source, target)).toMatchObject({ written: 1, unchanged: 2, verified: 3 });
});

test('verification tells where a run that should be gone is still given', async () => {
  const target = await copied();
  const run = (await target.read([id])).get(id);
  await remove(target);
  const haunted: RunStore = {
    ...target,
    async read(ids) {
      const runs = await target.read(ids);
      return run && ids.includes(id) ? runs.set(id, run) : runs;
    },
  };
  expect(await copyRuns(source, haunted)).toMatchObject({ unchanged: 3, differences: [id] });
});

test('there and back: a deletion on one side is not undone by the other', async () => {
  const here = await copied();
  const there = openMemoryStore();
  await copyRuns(await storeSource(here), there);
  await remove(here);
  expect(await copyRuns(await storeSource(there), here)).toMatchObject({
    ...{ written: 0, unchanged: 3, differences: [] },
  });
  expect(await runsOf(here)).toHaveLength(2);
});

test('a run that was left deleted and comes back meanwhile is no difference', async () => {
  const store = openMemoryStore();
  const source = listSource(makeRuns(2));
  await copyRuns(source, store);
  await store.write([{ kind: 'delete', id: idOf(1), expect: {} }], { atomic: true });
  const flush = () => editIn(store, makeRun(1, { branch: 'back' }));
  expect(await copyRuns(source, { ...store, flush })).toMatchObject({
    ...{ unchanged: 2, verified: 1, differences: [] },
  });
});
