import assert from 'node:assert/strict';
import { assertSameRun, collect, idsOf, rejectsWith } from '../assertions.ts';
import { formerStates } from '../former-states.ts';
import { idOf, inputOf, makeRun, makeRuns } from '../make-run.ts';
import { largeText } from '../samples/text-samples.ts';
import type { Suite } from '../subject.ts';

/** Many calls at once on one repository: nothing lost, nothing torn, one winner where one may win. */
export function describeConcurrency({ test }: Suite): void {
  test('the same run saved many times at once is inserted once', async ({ repository }) => {
    const saves = await Promise.all(Array.from({ length: 12 }, () => repository.save(makeRun(1))));
    assert.equal(saves.filter(({ result }) => result === 'inserted').length, 1);
    assert.equal(saves.filter(({ result }) => result === 'unchanged').length, 11);
    assert.equal((await collect(repository.changes())).length, 1);
  });

  test('different contents saved at once each get a version of their own', async ({
    repository,
    store,
  }) => {
    const runs = Array.from({ length: 20 }, (_, number) => makeRun(1, { tags: [`t${number}`] }));
    const saves = await Promise.all(runs.map((run) => repository.save(run)));
    const versions = saves.map(({ version }) => version).sort((a, b) => a - b);
    assert.deepEqual(
      versions,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    const states = await formerStates(store, idOf(1));
    const tags = new Set(states.flatMap((state) => state?.tags ?? []));
    assert.equal(tags.size, 20);
  });

  test('of several changes to one version exactly one wins', async ({ repository }) => {
    await repository.save(makeRun(1));
    const runs = Array.from({ length: 10 }, (_, number) => makeRun(1, { tags: [`t${number}`] }));
    const saves = await Promise.allSettled(
      runs.map((run) => repository.save({ ...run, version: 1 })),
    );
    const lost = saves.filter((save) => save.status === 'rejected');
    assert.equal(lost.length, 9);
    for (const { reason } of lost) await rejectsWith('CONFLICT', Promise.reject(reason));
    const won = saves.findIndex(({ status }) => status === 'fulfilled');
    assert.deepEqual((await repository.findById(idOf(1)))?.tags, [`t${won}`]);
  });

  test('a counter that is read and saved with its version loses nothing', async ({
    repository,
  }) => {
    await repository.save(makeRun(1, { costMicroUsd: 0 }));
    const add = async () => {
      for (;;) {
        const run = await repository.findById(idOf(1));
        assert.ok(run !== null);
        const next = { ...run, costMicroUsd: (run.costMicroUsd ?? 0) + 1 };
        try {
          // `unchanged` means that another one made the very same step: it was not ours.
          if ((await repository.save(next)).result === 'updated') return;
        } catch (error) {
          await rejectsWith('CONFLICT', Promise.reject(error));
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, add));
    const run = await repository.findById(idOf(1));
    assert.equal(run?.costMicroUsd, 8);
    assert.equal(run?.version, 9);
  });

  test('a reader never sees half of a run', async ({ repository }) => {
    const make = (letter: string) => {
      const text = letter.repeat(3000);
      const steps = Array.from({ length: 5 }, () => ({ kind: 'message' as const, output: text }));
      return makeRun(1, { input: inputOf(text), metadata: { text }, steps, branch: letter });
    };
    await repository.save(make('a'));
    let isWriting = true;
    const write = async () => {
      for (let round = 0; round < 15; round += 1) {
        await repository.save(make(round % 2 === 0 ? 'b' : 'a'));
      }
      isWriting = false;
    };
    const read = async () => {
      while (isWriting) {
        const run = await repository.findById(idOf(1));
        assertSameRun(run, make(run?.branch ?? 'a'));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([write(), read(), read()]);
  });

  test('reads, writes and deletes mixed leave what they should', async ({ repository }) => {
    const runs = makeRuns(60);
    await repository.saveMany(runs.slice(0, 30));
    await Promise.all([
      ...runs.slice(30).map((run) => repository.save(run)),
      ...runs.slice(0, 10).map(({ id }) => repository.delete(id)),
      repository.saveMany(runs.slice(10, 20).map((run) => ({ ...run, tags: ['changed'] }))),
      repository.list(),
      collect(repository.stream()),
      repository.search('prompt'),
      repository.statistics(),
    ]);
    const { items } = await repository.list({}, { limit: 100, order: 'oldest' });
    assert.deepEqual(idsOf(items), idsOf(runs.slice(10)));
    assert.equal(items.filter(({ tags }) => tags?.includes('changed')).length, 10);
  });

  test('large texts written at once keep apart', async ({ repository }) => {
    const text = largeText(5e5);
    const runs = makeRuns(6).map((run, index) => ({ ...run, input: inputOf(`${index}${text}`) }));
    await Promise.all(runs.map((run) => repository.save(run)));
    for (const run of runs) assertSameRun(await repository.findById(run.id), run);
  });
}
