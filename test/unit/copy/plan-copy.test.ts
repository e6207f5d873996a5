import { expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { jsonSize } from '../../../src/domain/json.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { planCopy } from '../../../src/services/copy/plan-copy.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { edit, listSource, runsOf } from '../../support/list-source.ts';

/** Everything that a store holds. */
async function stateOf(store: RunStore) {
  return {
    runs: await runsOf(store),
    changes: await store.changes(null, 10_000),
    setAside: await store.quarantined(),
    transfers: await store.transfers(),
  };
}

test('tells what a copy would do, and does nothing', async () => {
  const source = listSource(makeRuns(700), { setAside: ['a.json'] });
  const target = openMemoryStore();
  await copyRuns(listSource(makeRuns(3)), target);
  await edit(target, makeRun(1, { branch: 'mine' }));
  await edit(target, makeRun(5, { branch: 'mine' }));
  const before = await stateOf(target);
  const plan = await planCopy(source, target);
  expect(await stateOf(target)).toEqual(before);
  const { bytes, readMs, ...planned } = plan;
  const others = makeRuns(700).filter((_, n) => ![0, 1, 2, 5].includes(n));
  expect(bytes).toBe(others.reduce((sum, run) => sum + jsonSize(run), 0));
  expect(readMs).toBeGreaterThan(0);
  expect(planned).toEqual(await copyRuns(source, target, { verify: 'none' }));
  expect(planned).toMatchObject({ written: 696, differences: [makeRun(5).id] });
});

test('a deletion that would come is not made', async () => {
  const store = openMemoryStore();
  for (const run of makeRuns(3)) await edit(store, run);
  const source = await storeSource({
    ...store,
    async page(request) {
      const page = await store.page(request);
      await store.write([{ kind: 'delete', id: makeRun(1).id, expect: {} }], { atomic: true });
      return page;
    },
  });
  const target = openMemoryStore();
  await copyRuns(await storeSource(store), target);
  await planCopy(source, target);
  expect(await runsOf(target)).toHaveLength(3);
});
