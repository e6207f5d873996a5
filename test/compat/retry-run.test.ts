import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { isRunledgerError } from '../../src/index.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt, storageWithRepository } from './support/stores.ts';

describe.each(STORES)('retryRun over $name', ({ newPlace }) => {
  test('returns a queued run with the same work, and sets the original RETRYING', async () => {
    const storage = storageAt(newPlace());
    const original = oldRun(1, { ...failed(), retryCount: 1 });
    await storage.saveRun(original);
    const before = Date.now();
    const retry = await storage.retryRun(original.id);
    const { id, startedAt, ...rest } = retry;
    const { repository, input } = original;
    expect(rest).toEqual({
      repository,
      status: 'QUEUED',
      input,
      retryCount: 2,
      parentRunId: original.id,
    });
    expect(id).not.toBe(original.id);
    expect(startedAt).toBeInstanceOf(Date);
    expect(startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(await storage.getRun(id)).toEqual(retry);
    expect(await storage.getRun(original.id)).toEqual({ ...original, status: 'RETRYING' });
  });

  test('the retry can be carried to its end, and the original is FAILED again', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, failed()));
    const retry = await storage.retryRun(idOf(1));
    await storage.saveRun({ ...retry, status: 'RUNNING' });
    expect((await storage.getRun(idOf(1)))?.status).toBe('RETRYING');
    await storage.saveRun({ ...retry, ...succeeded() });
    expect((await storage.getRun(retry.id))?.status).toBe('SUCCESS');
    expect(await storage.getRun(idOf(1))).toEqual(oldRun(1, failed()));
  });

  test('shares nothing with the original', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, failed()));
    const retry = await storage.retryRun(idOf(1));
    await storage.saveRun({ ...retry, input: { ...retry.input, prompt: 'changed' } });
    expect((await storage.getRun(idOf(1)))?.input).toEqual(oldRun(1).input);
  });

  test('a run that is not there', async () => {
    const storage = storageAt(newPlace());
    for (const id of [idOf(1), 'run-1']) {
      const retrying = storage.retryRun(id);
      await expect(retrying).rejects.toThrow(`Run ${id} not found`);
      await expect(retrying).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test.each([
    ['a failure that is not recoverable', failed({ recoverable: false })],
    ['a failure without an error', { status: 'FAILED' }],
    ['a success', succeeded()],
    ['a queued run', {}],
  ] as [string, Partial<AgentRun>][])('%s cannot be retried', async (_name, fields) => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, fields));
    const retrying = storage.retryRun(idOf(1));
    await expect(retrying).rejects.toThrow(`Run ${idOf(1)} is not recoverable`);
    await expect(retrying).rejects.toMatchObject({ code: 'NOT_RECOVERABLE' });
    expect((await storage.getAllRuns()).runs).toEqual([oldRun(1, fields)]);
  });

  test('a cancelled run with a recoverable error cannot be retried, and is told as it is', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { ...failed(), status: 'CANCELLED' }));
    await expect(storage.retryRun(idOf(1))).rejects.toMatchObject({ code: 'TRANSITION' });
  });

  test('twice at once, in two storages over one store, gives one retry', async () => {
    const { storage, repository } = await storageWithRepository(newPlace());
    await storage.saveRun(oldRun(1, failed()));
    const storages = [storage, storageAt(repository), storage, storageAt(repository)];
    const outcomes = await Promise.allSettled(storages.map((one) => one.retryRun(idOf(1))));
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refusals).toHaveLength(3);
    expect(refusals.every((error) => isRunledgerError(error, 'TRANSITION'))).toBe(true);
    expect((await storage.getAllRuns({ status: 'QUEUED' })).total).toBe(1);
    expect((await storage.getAllRuns()).total).toBe(2);
  });
});
