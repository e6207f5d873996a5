import { expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { edit } from '../support/list-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { heldBy, restoreInto, takeBackup } from './support/backups.ts';

/** Two backups of a store, three runs that were changed in between, and one that came. */
async function twoBackups(isIncrement: boolean) {
  const folder = temporaryFolder();
  const store = openMemoryStore();
  for (const run of makeRuns(5)) await edit(store, run);
  const first = await takeBackup(store, folder);
  for (const number of [1, 2, 3]) await edit(store, makeRun(number, { tags: ['later'] }));
  await edit(store, makeRun(7));
  const second = await takeBackup(store, folder, { since: isIncrement ? first : null });
  return { store, first: first.path, second: second.path };
}

test.each([false, true])(
  'a later backup goes over an earlier one (an increment: %s), never over an edit',
  async (isIncrement) => {
    const { store, first, second } = await twoBackups(isIncrement);
    const target = openMemoryStore();
    await restoreInto(target, first);
    await edit(target, makeRun(2, { tags: ['edited here'] }));
    const report = await restoreInto(target, second);
    expect(report).toMatchObject({ read: 6, written: 3, unchanged: 2 });
    expect(report.differences).toEqual([makeRun(2).id]);
    const [held, wanted] = [await heldBy(target), await heldBy(store)];
    expect([...wanted].filter(([id, state]) => held.get(id) !== state)).toMatchObject([
      [makeRun(2).id, expect.anything()],
    ]);
    expect((await target.read([makeRun(2).id])).get(makeRun(2).id)?.tags).toEqual(['edited here']);
  },
);

test('an earlier backup leaves what is there as it is; a second restore changes nothing', async () => {
  const { store, first, second } = await twoBackups(false);
  const target = openMemoryStore();
  await restoreInto(target, second);
  // The ledger of what was restored begins with that: it knows no earlier states.
  expect(await restoreInto(target, first)).toMatchObject({ written: 0, unchanged: 2 });
  expect(await restoreInto(target, second)).toMatchObject({ written: 0, unchanged: 6 });
  expect(await heldBy(target)).toEqual(await heldBy(store));
});
