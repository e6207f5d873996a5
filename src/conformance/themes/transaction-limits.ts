import assert from 'node:assert/strict';
import type { RunRepository } from '../../repository/run-repository.ts';
import { collect, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** What a transaction refuses, how long it may take, and what several of them do to one another. */
export function describeTransactionLimits({ test, open }: Suite): void {
  test('inside, what needs the whole store is refused', async ({ repository }) => {
    await repository.transaction(async (inner) => {
      await rejectsWith('IN_TRANSACTION', inner.search('word'));
      await rejectsWith('IN_TRANSACTION', collect(inner.changes()));
      await rejectsWith(
        'IN_TRANSACTION',
        inner.transaction(async () => 1),
      );
      await rejectsWith('IN_TRANSACTION', inner.close());
      await inner.save(makeRun(1));
    });
    assert.equal((await repository.statistics()).totalRuns, 1);
  });

  test('inside, the outer repository refuses to write instead of waiting for ever', async ({
    repository,
  }) => {
    await repository.transaction(async (inner) => {
      const calls: (() => Promise<unknown>)[] = [
        () => repository.save(makeRun(1)),
        () => repository.saveMany([makeRun(1)]),
        () => repository.retry(idOf(1)),
        () => repository.claim(),
        () => repository.cancel(idOf(1)),
        () => repository.delete(idOf(1)),
        () => repository.deleteMany({ repository: 'acme/app' }),
        () => repository.transaction(async () => 1),
        () => repository.close(),
      ];
      for (const call of calls) await rejectsWith('IN_TRANSACTION', call());
      await inner.save(makeRun(2));
    });
    assert.equal((await repository.statistics()).totalRuns, 1);
    assert.equal((await repository.save(makeRun(1))).result, 'inserted');
  });

  test('the time limit ends a saveMany that waits for its source, waited for or not', async ({
    repository,
  }) => {
    async function* endless() {
      yield makeRun(1);
      await new Promise(() => {});
    }
    const options = { timeLimitMs: 50 };
    const waiting = repository.transaction((inner) => inner.saveMany(endless()), options);
    await rejectsWith('TIMEOUT', waiting);
    let floating: Promise<unknown> = Promise.resolve();
    const left = repository.transaction(async (inner) => {
      floating = rejectsWith('CLOSED', inner.saveMany(endless()));
    }, options);
    await rejectsWith('TIMEOUT', left);
    await floating;
    assert.equal((await repository.statistics()).totalRuns, 0);
    assert.equal((await repository.save(makeRun(2))).result, 'inserted');
  });

  test('inside, another store can be written', async ({ repository }) => {
    const other = await open();
    try {
      await repository.transaction(async (inner) => {
        await inner.save(makeRun(1));
        await other.repository.save(makeRun(2));
        await other.repository.transaction(async (otherInner) => otherInner.save(makeRun(3)));
      });
      assert.equal((await other.repository.statistics()).totalRuns, 2);
    } finally {
      await other.close();
    }
  });

  test('after its time limit it is rolled back with TIMEOUT, and the store goes on', async ({
    repository,
  }) => {
    let late: RunRepository | undefined;
    const call = repository.transaction(
      async (inner) => {
        late = inner;
        await inner.save(makeRun(1));
        await new Promise(() => {});
      },
      { timeLimitMs: 30 },
    );
    const { hint } = await rejectsWith('TIMEOUT', call);
    assert.ok(hint !== undefined);
    assert.equal(await repository.findById(idOf(1)), null);
    await rejectsWith('CLOSED', (late ?? repository).save(makeRun(2)));
    await rejectsWith('CLOSED', collect((late ?? repository).stream()));
    assert.equal((await repository.save(makeRun(3))).result, 'inserted');
  });

  test('when it is over, its repository is closed', async ({ repository }) => {
    const kept = await repository.transaction(async (inner) => inner);
    await rejectsWith('CLOSED', kept.findById(idOf(1)));
    await rejectsWith('CLOSED', kept.save(makeRun(1)));
    let thrown: RunRepository | undefined;
    const call = repository.transaction(async (inner) => {
      thrown = inner;
      throw new Error('no');
    });
    await assert.rejects(call);
    await rejectsWith('CLOSED', (thrown ?? repository).list());
  });

  test('what was begun inside and outlives the transaction may write again', async ({
    repository,
  }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let later: Promise<unknown> = Promise.resolve();
    await repository.transaction(async (inner) => {
      later = promise.then(() => repository.save(makeRun(2)));
      await inner.save(makeRun(1));
    });
    resolve();
    await later;
    assert.equal((await repository.statistics()).totalRuns, 2);
  });

  test('a limit outside 1 to 600,000 and a callback that is none are refused', async ({
    repository,
  }) => {
    for (const timeLimitMs of [0, -1, 600_001, 1.5, Number.NaN]) {
      await rejectsWith(
        'INVALID',
        repository.transaction(async () => 1, { timeLimitMs }),
      );
    }
    assert.equal(await repository.transaction(async () => 1, { timeLimitMs: 600_000 }), 1);
    await rejectsWithTypeError(repository.transaction(wrongType(null)));
    const words = { timeLimitMs: wrongType<number>('9') };
    await rejectsWithTypeError(repository.transaction(async () => 1, words));
  });

  test('several at once take turns: none loses what another did', async ({ repository }) => {
    await repository.save(makeRun(1, { costMicroUsd: 0 }));
    const add = () =>
      repository.transaction(async (inner) => {
        const run = await inner.findById(idOf(1));
        await new Promise((resolve) => setImmediate(resolve));
        await inner.save(makeRun(1, { costMicroUsd: (run?.costMicroUsd ?? 0) + 1 }));
      });
    await Promise.all(Array.from({ length: 12 }, add));
    const run = await repository.findById(idOf(1));
    assert.equal(run?.costMicroUsd, 12);
    assert.equal(run?.version, 13);
  });

  test('saves from elsewhere wait for it and are not lost', async ({ repository }) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: saved, resolve: letGo } = Promise.withResolvers<void>();
    const transaction = repository.transaction(async (inner) => {
      begin();
      await saved;
      await inner.save(makeRun(100));
    });
    await begun;
    const saves = makeRuns(10).map((run) => repository.save(run));
    letGo();
    await Promise.all([transaction, ...saves]);
    assert.equal((await repository.statistics()).totalRuns, 11);
  });
}
