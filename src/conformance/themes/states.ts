import assert from 'node:assert/strict';
import type { RunRepository } from '../../repository/run-repository.ts';
import { collect, rejectsWith, wrongType } from '../assertions.ts';
import { idOf, makeRun, makeRuns } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** Every method of a repository, called in the simplest way. */
const CALLS: Record<string, (repository: RunRepository) => Promise<unknown>> = {
  save: (repository) => repository.save(makeRun(1)),
  saveMany: (repository) => repository.saveMany([makeRun(1)]),
  'saveMany of nothing': (repository) => repository.saveMany([]),
  findById: (repository) => repository.findById(idOf(1)),
  'findById of no id': (repository) => repository.findById('no id'),
  findByRepository: (repository) => repository.findByRepository('acme/app'),
  list: (repository) => repository.list(),
  stream: (repository) => collect(repository.stream()),
  search: (repository) => repository.search('word'),
  statistics: (repository) => repository.statistics(),
  retry: (repository) => repository.retry(idOf(1)),
  claim: (repository) => repository.claim(),
  cancel: (repository) => repository.cancel(idOf(1)),
  delete: (repository) => repository.delete(idOf(1)),
  deleteMany: (repository) => repository.deleteMany({ repository: 'acme/app' }),
  changes: (repository) => collect(repository.changes()),
  'changes that follow': (repository) => collect(repository.changes({ follow: true })),
  transaction: (repository) => repository.transaction(async () => 1),
  'save of what is no run': (repository) => repository.save(wrongType(null)),
};

/** A repository that is closing or closed answers every call with CLOSED, and loses nothing. */
export function describeStates({ test }: Suite): void {
  for (const [name, call] of Object.entries(CALLS)) {
    test(`${name} on a closed repository is CLOSED`, async ({ repository }) => {
      await repository.save(makeRun(1));
      await repository.close();
      const { hint } = await rejectsWith('CLOSED', call(repository));
      assert.ok(hint !== undefined);
    });
  }

  test('while it is closing every call is CLOSED already', async ({ repository }) => {
    const save = repository.save(makeRun(1));
    const closed = repository.close();
    for (const call of Object.values(CALLS)) await rejectsWith('CLOSED', call(repository));
    await closed;
    assert.equal((await save).result, 'inserted');
  });

  test('closing waits for the calls under way', async ({ repository }) => {
    const order: string[] = [];
    const saves = makeRuns(20).map((run) => repository.save(run).then(() => order.push('saved')));
    const many = repository.saveMany(makeRuns(600).slice(20)).then(() => order.push('saved many'));
    const closed = repository.close().then(() => order.push('closed'));
    await Promise.all([...saves, many, closed]);
    assert.equal(order.length, 22);
    assert.equal(order.at(-1), 'closed');
  });

  test('closing waits for a transaction under way, which may still write', async ({
    repository,
  }) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: closing, resolve: goOn } = Promise.withResolvers<void>();
    const transaction = repository.transaction(async (inner) => {
      begin();
      await closing;
      await inner.save(makeRun(1));
      return inner.findById(idOf(1));
    });
    await begun;
    let isClosed = false;
    const closed = repository.close().then(() => {
      isClosed = true;
    });
    await rejectsWith('CLOSED', repository.save(makeRun(2)));
    assert.equal(isClosed, false);
    goOn();
    assert.equal((await transaction)?.id, idOf(1));
    await closed;
  });

  test('a stream that is cut off by closing says so', async ({ repository }) => {
    await repository.saveMany(makeRuns(450));
    const stream = repository.stream()[Symbol.asyncIterator]();
    await stream.next();
    await repository.close();
    const rest = async () => {
      for (let count = 0; count < 450; count += 1) await stream.next();
    };
    await rejectsWith('CLOSED', rest());
  });

  test('closing twice, and at once, is closing once', async ({ repository, store }) => {
    await Promise.all([repository.close(), repository.close()]);
    await repository.close();
    await store.close();
    await store.close();
  });

  test('an operation that failed leaves the repository usable', async ({ repository }) => {
    await assert.rejects(repository.save(wrongType(null)));
    await assert.rejects(repository.retry(idOf(1)));
    await assert.rejects(repository.transaction(() => Promise.reject(new Error('no'))));
    await assert.rejects(repository.search(''));
    assert.equal((await repository.save(makeRun(1))).result, 'inserted');
  });
}
