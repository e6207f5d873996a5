import { expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { openFolder } from './support/file-store.ts';

test('the end of a transaction waits for its calls', async () => {
  const { store } = await openFolder({ path: folderInMemory() });
  const run = makeRun(1);
  const put = { kind: 'put', run, digest: digestOf(run), expect: {}, stamps: 'next' } as const;
  const one = await store.begin();
  const writing = one.write([put], { atomic: true });
  await one.commit();
  expect(await writing).toMatchObject([{ result: 'inserted' }]);
  await one.rollback();
  const other = await store.begin();
  const deleting = other.write([{ kind: 'delete', id: run.id, expect: {} }], { atomic: true });
  await other.rollback();
  expect(await deleting).toMatchObject([{ result: 'deleted' }]);
  expect((await store.heads([run.id])).size).toBe(1);
});
