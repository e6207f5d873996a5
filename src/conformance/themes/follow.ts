import assert from 'node:assert/strict';
import type { ChangesOptions, RunChange, RunRepository } from '../../repository/run-repository.ts';
import { collect, rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** `changes` with `follow`: waiting, waking, and the ways in which it ends. */
export function describeFollow({ test }: Suite): void {
  test('a follower is given what was there and what comes', async ({ repository }) => {
    const stop = new AbortController();
    await repository.saveMany(makeRuns(2));
    const follower = follow(repository, { signal: stop.signal });
    assert.deepEqual(await follower.take(2), [0, 1].map(idOf));
    const next = follower.take(2);
    await repository.save(makeRun(2));
    await repository.save(makeRun(3));
    assert.deepEqual(await next, [2, 3].map(idOf));
    stop.abort();
    assert.deepEqual(await follower.take(1), []);
  });

  test('an abort ends a follower that waits, without an error', async ({ repository }) => {
    const stop = new AbortController();
    const changes = collect(repository.changes({ follow: true, signal: stop.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    assert.deepEqual(await changes, []);
  });

  test('a signal that has aborted before gives nothing', async ({ repository }) => {
    await repository.save(makeRun(1));
    const signal = AbortSignal.abort();
    assert.deepEqual(await collect(repository.changes({ follow: true, signal })), []);
  });

  test('an abort between two changes ends it there', async ({ repository }) => {
    await repository.saveMany(makeRuns(5));
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { runId } of repository.changes({ follow: true, signal: stop.signal })) {
      seen.push(runId);
      if (seen.length === 2) stop.abort();
    }
    assert.deepEqual(seen, [0, 1].map(idOf));
  });

  test('a transaction shows up whole, after its commit', async ({ repository }) => {
    const stop = new AbortController();
    const follower = follow(repository, { signal: stop.signal });
    const first = follower.take(3);
    await repository.transaction(async (inner) => {
      for (const run of makeRuns(3)) await inner.save(run);
      assert.deepEqual(await collect(repository.changes()), []);
    });
    assert.deepEqual(await first, [0, 1, 2].map(idOf));
    stop.abort();
  });

  test('many followers each see every change once, whoever writes', async ({ repository }) => {
    const stop = new AbortController();
    const followers = Array.from({ length: 4 }, () => follow(repository, { signal: stop.signal }));
    const taken = followers.map(({ take }) => take(40));
    await Promise.all(makeRuns(40).map((run) => repository.save(run)));
    const [first = [], ...others] = await Promise.all(taken);
    assert.deepEqual(
      first.toSorted(),
      makeRuns(40).map(({ id }) => id),
    );
    for (const other of others) assert.deepEqual(other, first);
    stop.abort();
  });

  test('closing the repository ends a follower that waits with CLOSED', async ({ repository }) => {
    await repository.save(makeRun(1));
    const changes = repository.changes({ follow: true })[Symbol.asyncIterator]();
    assert.equal((await changes.next()).value?.runId, idOf(1));
    const waiting = rejectsWith('CLOSED', changes.next());
    await repository.close();
    await waiting;
  });
}

/** Takes changes one after another; fewer than asked for mean that the changes have ended. */
function follow(repository: RunRepository, options: ChangesOptions) {
  const changes: AsyncIterator<RunChange> = repository
    .changes({ follow: true, ...options })
    [Symbol.asyncIterator]();
  return {
    async take(count: number): Promise<string[]> {
      const ids: string[] = [];
      while (ids.length < count) {
        const { done, value } = await changes.next();
        if (done) break;
        ids.push(value.runId);
      }
      return ids;
    },
  };
}
