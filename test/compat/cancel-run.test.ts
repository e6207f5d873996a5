import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

describe.each(STORES)('cancelRun over $name', ({ newPlace }) => {
  test.each(['QUEUED', 'RUNNING', 'PENDING', 'STARTED'] as const)(
    'a run that was saved as %s becomes CANCELLED, with its end and duration',
    async (status) => {
      const storage = storageAt(newPlace());
      const startedAt = new Date(Date.now() - 5000);
      await storage.saveRun(oldRun(1, { status, startedAt }));
      const before = Date.now();
      const cancelled = await storage.cancelRun(idOf(1));
      expect(cancelled).toMatchObject({ status: 'CANCELLED', startedAt });
      const end = cancelled.completedAt?.getTime() ?? 0;
      expect(end).toBeGreaterThanOrEqual(before);
      expect(end).toBeLessThanOrEqual(Date.now());
      expect(cancelled.duration).toBe(end - startedAt.getTime());
      expect(await storage.getRun(idOf(1))).toEqual(cancelled);
    },
  );

  test('a run that is not there', async () => {
    const storage = storageAt(newPlace());
    for (const id of [idOf(1), 'run-1']) {
      const cancelling = storage.cancelRun(id);
      await expect(cancelling).rejects.toThrow(`Run ${id} not found`);
      await expect(cancelling).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test.each([
    ['SUCCESS', succeeded()],
    ['FAILED', failed()],
    ['CANCELLED', { status: 'CANCELLED' }],
    ['RETRYING', { ...failed(), status: 'RETRYING' }],
    ['SUCCESS', { ...succeeded(), status: 'COMPLETED' }],
  ] as [string, Partial<AgentRun>][])('a run that is %s is refused', async (status, fields) => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, fields));
    const before = await storage.getRun(idOf(1));
    const cancelling = storage.cancelRun(idOf(1));
    await expect(cancelling).rejects.toThrow(`Cannot cancel run ${idOf(1)} with status ${status}`);
    await expect(cancelling).rejects.toMatchObject({ code: 'TRANSITION' });
    expect(await storage.getRun(idOf(1))).toEqual(before);
  });

  test('of several that cancel a run at once, one is told that it did', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status: 'RUNNING' }));
    const calls = Array.from({ length: 4 }, () => storage.cancelRun(idOf(1)));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a retry that is cancelled gives its original back', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, failed()));
    const retry = await storage.retryRun(idOf(1));
    await storage.cancelRun(retry.id);
    expect(await storage.getRun(idOf(1))).toEqual(oldRun(1, failed()));
  });
});
