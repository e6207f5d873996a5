import assert from 'node:assert/strict';
import { assertSameRun, collect, rejectsWith } from '../assertions.ts';
import { formerStates } from '../former-states.ts';
import { idOf, makeRun } from '../make-run.ts';
import { put } from '../operations.ts';
import { SAMPLES } from '../samples/samples.ts';
import { searchAll } from '../search-all.ts';
import type { ConformanceSubject, Suite } from '../subject.ts';

/** What a durable store still has when it is opened again; the others say that they are not. */
export function describeDurability(suite: Suite): void {
  const test = (name: string, body: (subject: ConformanceSubject & Reopens) => Promise<void>) =>
    suite.test(name, async (subject) => {
      const { repository, reopen } = subject;
      // A store that cannot be opened again must not promise that it keeps anything.
      if (reopen === undefined) assert.equal(repository.capabilities.durable, false);
      else await body({ ...subject, reopen: () => reopen.call(subject) });
    });

  test('every sample is there again', async ({ repository, reopen }) => {
    await repository.saveMany(SAMPLES.values().map(({ make }) => make()));
    const again = await reopen();
    try {
      for (const { make } of SAMPLES) {
        const run = make();
        assertSameRun(await again.repository.findById(run.id), run);
      }
      assert.equal((await again.repository.statistics()).totalRuns, SAMPLES.length);
    } finally {
      await again.close();
    }
  });

  test('ledger, positions, search and quarantine go on where they were', async ({
    repository,
    store,
    reopen,
  }) => {
    await repository.save(makeRun(1));
    await repository.save(makeRun(1, { tags: ['a'] }));
    const item = { origin: 'o', name: 'n', reason: 'r', bytes: Uint8Array.from([0, 255]) };
    await store.quarantine([item]);
    const changes = await collect(repository.changes());
    const position = await store.position();
    const again = await reopen();
    try {
      assert.deepEqual(await collect(again.repository.changes()), changes);
      assert.deepEqual(await again.store.position(), position);
      const [kept] = await again.store.quarantined();
      assert.deepEqual([...(kept?.bytes ?? [])], [0, 255]);
      await again.repository.save(makeRun(2));
      const after = changes.at(-1)?.position ?? '';
      const rest = await collect(again.repository.changes({ after }));
      assert.deepEqual(
        rest.map(({ runId }) => runId),
        [idOf(2)],
      );
      assert.equal((await formerStates(again.store, idOf(1))).length, 3);
      assert.equal((await searchAll(again, 'prompt')).length, 2);
    } finally {
      await again.close();
    }
  });

  test('a bulk write is there after a flush, a transaction after its commit', async ({
    repository,
    store,
    reopen,
  }) => {
    await store.write([put(makeRun(1))], { atomic: true, durability: 'bulk' });
    await store.flush();
    await repository.transaction(async (inner) => inner.save(makeRun(2)));
    const undone = repository.transaction(async (inner) => {
      await inner.save(makeRun(3));
      throw new Error('undo');
    });
    await assert.rejects(undone);
    const again = await reopen();
    try {
      const ids = (await collect(again.repository.stream())).map(({ id }) => id);
      assert.deepEqual(ids, [2, 1].map(idOf));
      await rejectsWith('CLOSED', repository.findById(idOf(1)));
    } finally {
      await again.close();
    }
  });
}

/** What a durable subject has for certain. */
interface Reopens {
  reopen(): Promise<ConformanceSubject>;
}
