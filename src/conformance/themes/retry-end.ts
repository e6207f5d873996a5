import assert from 'node:assert/strict';
import { digestOf } from '../../domain/canonical.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { assertSameRun, collect, rejectsWith } from '../assertions.ts';
import { idOf, makeRun, RECOVERABLE } from '../make-run.ts';
import type { Suite } from '../subject.ts';

const failed = makeRun(1, { status: 'FAILED', error: RECOVERABLE });

/** Whichever way a retry ends, the run that it repeats goes back to FAILED with it. */
export function describeRetryEnd({ test }: Suite): void {
  for (const status of ['SUCCESS', 'FAILED', 'CANCELLED'] as const) {
    test(`a retry that is saved as ${status} releases its parent`, async ({ repository }) => {
      const retry = await startRetry(repository);
      await repository.save({ ...retry, status: 'RUNNING' });
      assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
      await repository.save({ ...(await repository.findById(retry.id)), ...ended(status, retry) });
      assertSameRun(await repository.findById(failed.id), failed);
      const last = (await collect(repository.changes())).slice(-2);
      assert.deepEqual(last.map(({ runId }) => runId).sort(), [failed.id, retry.id].sort());
      assert.equal(last[0]?.transaction, last[1]?.transaction);
    });

    test(`a retry that saveMany stores as ${status} releases its parent`, async ({
      repository,
    }) => {
      const retry = await startRetry(repository);
      await repository.claim();
      const { version: _version, ...running } = retry;
      const report = await repository.saveMany([
        makeRun(7),
        { ...running, ...ended(status, retry) },
        makeRun(8),
      ]);
      assert.deepEqual(report, { inserted: 2, updated: 1, unchanged: 0, rejected: [] });
      assertSameRun(await repository.findById(failed.id), failed);
    });
  }

  test('a retry that is cancelled before it ran releases its parent', async ({ repository }) => {
    const retry = await startRetry(repository);
    await repository.cancel(retry.id);
    assertSameRun(await repository.findById(failed.id), failed);
  });

  test('a parent that was released can be retried again', async ({ repository }) => {
    const first = await startRetry(repository);
    await repository.cancel(first.id);
    const second = await repository.retry(failed.id);
    assert.equal(second.retryCount, 1);
    assert.notEqual(second.id, first.id);
    assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
  });

  test('a retry can be retried when it fails', async ({ repository }) => {
    const first = await startRetry(repository);
    await repository.claim();
    const { version: _version, ...running } = first;
    await repository.save({ ...running, ...ended('FAILED', first), error: RECOVERABLE });
    const second = await repository.retry(first.id);
    assert.equal(second.retryCount, 2);
    assert.equal(second.parentRunId, first.id);
    await repository.cancel(second.id);
    assert.equal((await repository.findById(first.id))?.status, 'FAILED');
    assert.equal((await repository.findById(failed.id))?.status, 'FAILED');
  });

  test('a parent that is gone does not hinder its retry', async ({ repository, store }) => {
    const retry = await startRetry(repository);
    await store.write([{ kind: 'delete', id: failed.id, expect: {} }], { atomic: true });
    assert.equal((await repository.cancel(retry.id)).status, 'CANCELLED');
    assert.equal(await repository.findById(failed.id), null);
  });

  test('a parent can be deleted when its retry is over, not before', async ({ repository }) => {
    const retry = await startRetry(repository);
    await rejectsWith('ACTIVE', repository.delete(failed.id));
    const report = await repository.deleteMany({ status: 'RETRYING' });
    assert.deepEqual(report, { deleted: 0, active: 1 });
    await repository.cancel(retry.id);
    assert.equal(await repository.delete(failed.id), true);
  });

  test('a new retry that is saved as running and as ended at once ends', async ({ repository }) => {
    const retry = await startRetry(repository);
    await repository.cancel(retry.id);
    await repository.retry(failed.id);
    const child = makeRun(70, { status: 'RUNNING', parentRunId: failed.id, retryCount: 1 });
    const saves = [{ ...child, status: 'SUCCESS' } as const, child].map((run) =>
      repository.save(run).catch(() => null),
    );
    await Promise.all(saves);
    const stored = await repository.findById(child.id);
    const queued = (await repository.list({ parentRunId: failed.id, status: 'QUEUED' })).items;
    for (const { id } of queued) await repository.cancel(id);
    const parent = await repository.findById(failed.id);
    assert.equal(parent?.status, stored?.status === 'RUNNING' ? 'RETRYING' : 'FAILED');
  });

  test('a retry under way keeps its parent', async ({ repository }) => {
    const { parentRunId: _, version: _v, ...orphan } = await startRetry(repository);
    await rejectsWith('CONFLICT', repository.save({ ...orphan, status: 'CANCELLED' }));
    await rejectsWith('CONFLICT', repository.save({ ...orphan, parentRunId: idOf(77) }));
    assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
  });

  test('a parent waits for the last retry under way', async ({ repository, store }) => {
    const first = await startRetry(repository);
    const other = makeRun(60, { status: 'RUNNING', parentRunId: failed.id, retryCount: 1 });
    const put = {
      kind: 'put',
      run: other,
      digest: digestOf(other),
      expect: {},
      stamps: 'next',
    } as const;
    await store.write([put], { atomic: true });
    await repository.cancel(first.id);
    assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
    await repository.cancel(other.id);
    assert.equal((await repository.findById(failed.id))?.status, 'FAILED');
  });

  test('a save that does not end the retry leaves the parent alone', async ({ repository }) => {
    const retry = await startRetry(repository);
    await repository.save({ ...retry, status: 'RUNNING', tags: ['more'] });
    const parent = await repository.findById(failed.id);
    assert.equal(parent?.status, 'RETRYING');
    assert.equal(parent?.version, 2);
  });

  test('a retry that arrives as ended is history, and releases nothing', async ({ repository }) => {
    await startRetry(repository);
    await repository.save(makeRun(50, { parentRunId: failed.id, retryCount: 1 }));
    assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
  });

  test('a save that is refused releases nothing', async ({ repository }) => {
    const retry = await startRetry(repository);
    const refused = repository.save({ ...retry, ...ended('CANCELLED', retry), version: 9 });
    await assert.rejects(refused);
    assert.equal((await repository.findById(failed.id))?.status, 'RETRYING');
    assert.equal((await repository.findById(retry.id))?.status, 'QUEUED');
  });

  test('many that end one retry at once end it once', async ({ repository }) => {
    const retry = await startRetry(repository);
    await repository.claim();
    const { version: _version, ...running } = retry;
    await Promise.allSettled(
      (['SUCCESS', 'FAILED', 'CANCELLED'] as const).map((status) =>
        repository.save({ ...running, ...ended(status, retry) }),
      ),
    );
    assertSameRun(await repository.findById(failed.id), failed);
    assert.equal((await repository.findById(failed.id))?.version, 3);
    assert.equal((await repository.findById(retry.id))?.version, 3);
    assert.equal(await repository.findById(idOf(2)), null);
  });
}

async function startRetry(repository: RunRepository) {
  await repository.save(failed);
  return repository.retry(failed.id);
}

function ended(
  status: 'SUCCESS' | 'FAILED' | 'CANCELLED',
  { input, repository, id }: typeof failed,
) {
  return { id, repository, input, status, completedAt: '2026-03-01T14:00:00.000Z', duration: 1 };
}
