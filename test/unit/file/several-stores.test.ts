import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { namesIn, openFolder, writeJson } from './support/file-store.ts';

async function twoStores() {
  const path = folderInMemory();
  const [one, other] = [await openFolder({ path }), await openFolder({ path })];
  return { path, one: one.repository, other: other.repository };
}

/** The same with run 1, while the one is in a transaction until it is told to end. */
async function twoStoresAtWork() {
  const stores = await twoStores();
  const { one } = stores;
  await one.save(makeRun(1));
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: over, resolve: endIt } = Promise.withResolvers<void>();
  const transaction = one.transaction(async (runs) => {
    await runs.save(makeRun(2));
    begin();
    await over;
  });
  await begun;
  const end = async () => {
    endIt();
    await transaction;
  };
  return { ...stores, end };
}

test('two stores of a process take turns: a save waits for a transaction of the other', async () => {
  const { path, one, other } = await twoStores();
  const order: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const transaction = one.transaction(async (runs) => {
    await runs.save(makeRun(1));
    begin();
    await delay(100);
    order.push('transaction');
  });
  await begun;
  const saving = other.save(makeRun(1, { branch: 'after' })).then(() => order.push('save'));
  // Nothing of it is seen by the other before it is decided.
  expect(await other.findById(idOf(1))).toBeNull();
  expect(namesIn(path).filter((name) => name.endsWith('.json'))).toEqual([]);
  await Promise.all([transaction, saving]);
  expect(order).toEqual(['transaction', 'save']);
  expect(await one.findById(idOf(1))).toMatchObject({ version: 2, branch: 'after' });
});

test('reading one does not wait for a long transaction of the other', async () => {
  const { path, other, end } = await twoStoresAtWork();
  writeJson(path, `${idOf(1)}.json`, makeRun(1, { branch: 'edited' }));
  expect(await other.findById(idOf(1))).toMatchObject({ version: 1 });
  await end();
  expect(await other.findById(idOf(1))).toMatchObject({ version: 2, branch: 'edited' });
});

test('closing one does not wait for what it would see behind a transaction of the other', async () => {
  const { path, one, other, end } = await twoStoresAtWork();
  writeJson(path, `${idOf(3)}.json`, makeRun(3));
  // Long enough for the system's notice of it to come.
  await delay(200);
  await other.close();
  await end();
  expect(await one.findById(idOf(3))).toMatchObject({ version: 1 });
});

test('no change of one is lost on the other', async () => {
  const { one, other } = await twoStores();
  await one.save(makeRun(1, { metadata: { count: 0 } }));
  const countUp = async (repository: typeof one) => {
    for (let done = 0; done < 20; done += 1) {
      await repository.transaction(async (runs) => {
        const run = await runs.findById(idOf(1));
        if (run === null) throw new Error('It is gone.');
        await runs.save({ ...run, metadata: { count: Number(run.metadata?.count) + 1 } });
      });
    }
  };
  await Promise.all([countUp(one), countUp(other)]);
  for (const repository of [one, other]) {
    expect(await repository.findById(idOf(1))).toMatchObject({
      version: 41,
      metadata: { count: 40 },
    });
  }
});

test('what one is told, the other sees at once, with no sweep', async () => {
  const { one, other } = await twoStores();
  for (let n = 1; n <= 20; n += 1) {
    const [writer, reader] = n % 2 === 0 ? [one, other] : [other, one];
    await writer.save(makeRun(n));
    expect(await reader.findById(idOf(n))).toMatchObject({ version: 1 });
    expect((await reader.list()).items).toHaveLength(n);
  }
});
