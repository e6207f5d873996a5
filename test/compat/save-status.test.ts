import { describe, expect, test } from 'vitest';
import { type AgentRun, RunStatus } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt, storageWithRepository } from './support/stores.ts';

describe.each(STORES)('saveRun over $name, and the status that was stored', ({ newPlace }) => {
  test.each(Object.values(RunStatus))('the first save of a run may say %s', async (status) => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status }));
    expect((await storage.getAllRuns({ status })).total).toBe(1);
  });

  test.each([
    ['SUCCESS', succeeded()],
    ['FAILED', failed()],
  ] as const)('a queued run may be saved as %s at once', async (status, ended) => {
    const { storage, repository } = await storageWithRepository(newPlace());
    await storage.saveRun(oldRun(1));
    await storage.saveRun(oldRun(1, ended));
    expect(await storage.getRun(idOf(1))).toEqual(oldRun(1, { ...ended, status }));
    // Queued, running, ended: the way that the contract knows.
    expect((await repository.findById(idOf(1)))?.version).toBe(3);
  });

  test('of a queued run that is refused nothing is changed', async () => {
    const { storage, repository } = await storageWithRepository(newPlace());
    await storage.saveRun(oldRun(1));
    const before = await repository.findById(idOf(1));
    await expect(
      storage.saveRun(oldRun(1, { status: 'RETRYING', retryCount: 1 })),
    ).rejects.toMatchObject({
      code: 'TRANSITION',
      message: `Run ${idOf(1)} is QUEUED and cannot become RETRYING.`,
    });
    expect(await repository.findById(idOf(1))).toEqual(before);
  });

  test('a retry that could not be started ends, and its original is FAILED again', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, failed()));
    const retry = await storage.retryRun(idOf(1));
    await storage.saveRun({ ...retry, ...failed({ code: 'NOT_STARTED' }) });
    expect((await storage.getRun(retry.id))?.status).toBe('FAILED');
    expect((await storage.getRun(idOf(1)))?.status).toBe('FAILED');
  });

  test.each([
    [{ status: 'CANCELLED' }, succeeded()],
    [{ status: 'CANCELLED' }, { status: 'RUNNING' }],
    [succeeded(), failed()],
    [failed(), succeeded()],
    [failed(), { status: 'RETRYING' }],
    [succeeded(), { status: 'QUEUED' }],
    [{ status: 'RUNNING' }, { status: 'QUEUED' }],
  ] as [Partial<AgentRun>, Partial<AgentRun>][])(
    'there is no way from $0.status to $1.status, and the caller is told',
    async (first, then) => {
      const storage = storageAt(newPlace());
      await storage.saveRun(oldRun(1, first));
      await expect(storage.saveRun(oldRun(1, then))).rejects.toMatchObject({
        code: 'TRANSITION',
        message: `Run ${idOf(1)} is ${first.status} and cannot become ${then.status}.`,
      });
      expect(await storage.getRun(idOf(1))).toEqual(oldRun(1, first));
    },
  );

  test('a worker cannot take back that its run was cancelled', async () => {
    const storage = storageAt(newPlace());
    const run = oldRun(1, { status: 'RUNNING' });
    await storage.saveRun(run);
    const cancelled = await storage.cancelRun(run.id);
    Object.assign(run, succeeded());
    await expect(storage.saveRun(run)).rejects.toMatchObject({ code: 'TRANSITION' });
    expect(await storage.getRun(run.id)).toEqual(cancelled);
  });

  test('an ended run may be saved again as it ended, with more said about it', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, succeeded()));
    await storage.saveRun(oldRun(1, { ...succeeded(), duration: 1300 }));
    expect((await storage.getRun(idOf(1)))?.duration).toBe(1300);
  });

  test('of many saves that end a queued run at once, in two ways, one way is told', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1));
    const saves = [succeeded(), failed(), succeeded(), failed()].map((ended) =>
      storage.saveRun(oldRun(1, ended)).then(
        () => ended.status,
        (error: { code: string }) => error.code,
      ),
    );
    const told = (await Promise.all(saves)).sort();
    const status = (await storage.getRun(idOf(1)))?.status;
    expect(told).toEqual([status, status, 'TRANSITION', 'TRANSITION'].sort());
  });
});
