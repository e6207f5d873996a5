import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

const HOUR_MS = 3_600_000;
const THIRTY_DAYS_MS = 30 * 24 * HOUR_MS;

/** A run that started so long ago. */
function runOfAge(number: number, ageMs: number, fields: Partial<AgentRun> = succeeded()) {
  return oldRun(number, { ...fields, startedAt: new Date(Date.now() - ageMs) });
}

describe.each(STORES)('deleteOldRuns over $name', ({ newPlace }) => {
  test('deletes what started more than 30 days ago, and tells how many', async () => {
    const storage = storageAt(newPlace());
    const statuses = [succeeded(), failed(), { status: 'CANCELLED' }] as Partial<AgentRun>[];
    for (const [number, fields] of statuses.entries()) {
      await storage.saveRun(runOfAge(number, THIRTY_DAYS_MS + HOUR_MS, fields));
    }
    await storage.saveRun(runOfAge(10, THIRTY_DAYS_MS - HOUR_MS));
    await storage.saveRun(runOfAge(11, 0));
    expect(await storage.deleteOldRuns()).toBe(3);
    const { runs } = await storage.getAllRuns();
    expect(runs.map(({ id }) => id)).toEqual([idOf(11), idOf(10)]);
    expect(await storage.deleteOldRuns()).toBe(0);
  });

  test('leaves a run that somebody works on or will', async () => {
    const storage = storageAt(newPlace());
    const statuses = ['QUEUED', 'RUNNING', 'PENDING', 'STARTED'] as const;
    for (const [number, status] of statuses.entries()) {
      await storage.saveRun(runOfAge(number, 2 * THIRTY_DAYS_MS, { status }));
    }
    expect(await storage.deleteOldRuns()).toBe(0);
    expect((await storage.getAllRuns()).total).toBe(4);
  });

  test('leaves a run as long as its retry is under way', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(runOfAge(1, 2 * THIRTY_DAYS_MS, failed()));
    const retry = await storage.retryRun(idOf(1));
    expect(await storage.deleteOldRuns()).toBe(0);
    await storage.saveRun({ ...retry, ...succeeded() });
    expect(await storage.deleteOldRuns()).toBe(1);
    // What the retry was made of is gone; that it was a retry is still said.
    expect((await storage.getRun(retry.id))?.parentRunId).toBe(idOf(1));
  });
});
