import assert from 'node:assert/strict';
import {
  assertSameRun,
  collect,
  idsOf,
  rejectsWith,
  rejectsWithTypeError,
  withoutStamps,
  wrongType,
} from '../assertions.ts';
import { FINAL, idOf, makeRun, outputOf, RECOVERABLE } from '../make-run.ts';
import type { Suite } from '../subject.ts';

const failed = (number: number) => makeRun(number, { status: 'FAILED', error: RECOVERABLE });

/** `retry`: what starts, what it is refused for, and that it starts once. */
export function describeRetry({ test }: Suite): void {
  test('a retry is a new queued run with the same input', async ({ repository }) => {
    const before = new Date().toISOString();
    const input = {
      prompt: 'try this',
      diff: 'd\u0000',
      recentCommits: ['a', 'b'],
      model: 'large-1',
      temperature: 0.5,
      ...{ unknown: { kept: true } },
    };
    const first = makeRun(1, {
      status: 'FAILED',
      error: RECOVERABLE,
      input,
      output: outputOf('half'),
      completedAt: '2026-03-01T13:00:00.000Z',
      duration: 5,
      retryCount: 2,
      costMicroUsd: 9,
      steps: [{ kind: 'event' }],
    });
    await repository.save(first);
    const retry = await repository.retry(first.id);
    const { id, startedAt, ...rest } = withoutStamps(retry);
    assert.deepEqual(rest, {
      repository: 'acme/app',
      status: 'QUEUED',
      input,
      retryCount: 3,
      parentRunId: first.id,
    });
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    assert.ok(startedAt >= before && startedAt <= new Date().toISOString());
    assert.equal(retry.version, 1);
    assert.deepEqual(await repository.findById(id), retry);
  });

  test('the retry is the work of the same agent, conversation and place', async ({
    repository,
  }) => {
    const work = {
      agent: 'coder',
      sessionId: 's',
      callerRunId: idOf(9),
      branch: 'b',
      workingDirectory: '/w',
      tags: ['t'],
    };
    await repository.save({ ...failed(1), ...work });
    const retry = await repository.retry(idOf(1));
    for (const [name, value] of Object.entries(work)) {
      assert.deepEqual((retry as unknown as Record<string, unknown>)[name], value, name);
    }
  });

  test('the run that is repeated becomes RETRYING and keeps all else', async ({ repository }) => {
    await repository.save(failed(1));
    await repository.retry(idOf(1));
    const parent = await repository.findById(idOf(1));
    assertSameRun(parent, { ...failed(1), status: 'RETRYING' });
    assert.equal(parent?.version, 2);
  });

  test('both changes are one transaction in the ledger', async ({ repository }) => {
    await repository.save(failed(1));
    const retry = await repository.retry(idOf(1));
    const [, ...changes] = await collect(repository.changes());
    assert.deepEqual(
      idsOf(changes.map(({ runId }) => ({ id: runId }))).sort(),
      [idOf(1), retry.id].sort(),
    );
    assert.equal(new Set(changes.map(({ transaction }) => transaction)).size, 1);
  });

  test('an id that is not there is NOT_FOUND', async ({ repository }) => {
    await rejectsWith('NOT_FOUND', repository.retry(idOf(1)));
    await rejectsWith('NOT_FOUND', repository.retry('no id'));
    await rejectsWithTypeError(repository.retry(wrongType(undefined)));
  });

  test('only a FAILED run can be retried', async ({ repository }) => {
    const others = ['QUEUED', 'RUNNING', 'SUCCESS', 'CANCELLED', 'RETRYING'] as const;
    for (const [number, status] of others.entries()) {
      await repository.save(makeRun(number, { status, error: RECOVERABLE }));
      await rejectsWith('TRANSITION', repository.retry(idOf(number)));
    }
    assert.equal((await repository.statistics()).totalRuns, others.length);
  });

  test('only a recoverable failure can be retried', async ({ repository }) => {
    await repository.save(makeRun(1, { status: 'FAILED', error: FINAL }));
    await repository.save(makeRun(2, { status: 'FAILED' }));
    for (const number of [1, 2]) {
      await rejectsWith('NOT_RECOVERABLE', repository.retry(idOf(number)));
      assert.equal((await repository.findById(idOf(number)))?.status, 'FAILED');
    }
    assert.equal((await repository.statistics()).totalRuns, 2);
  });

  test('of several retries at once one starts', async ({ repository }) => {
    await repository.save(failed(1));
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => repository.retry(idOf(1))),
    );
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of tries) {
      if (one.status === 'rejected') await rejectsWith('TRANSITION', Promise.reject(one.reason));
    }
    const { items } = await repository.list({ parentRunId: idOf(1) });
    assert.equal(items.length, 1);
  });
}
