import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

describe.each(STORES)('getRunStatistics over $name', ({ newPlace }) => {
  test('without runs: zeros', async () => {
    expect(await storageAt(newPlace()).getRunStatistics()).toEqual({
      total: 0,
      byStatus: {},
      byRepository: {},
      averageDuration: 0,
      successRate: 0,
    });
  });

  test('counts what occurs; the success rate knows successes and failures alone', async () => {
    const storage = storageAt(newPlace());
    const runs: Partial<AgentRun>[] = [
      { ...succeeded(), duration: 100 },
      { ...succeeded(), duration: 0 },
      { ...succeeded(), duration: 501, status: 'COMPLETED' },
      { ...failed(), duration: 399, repository: 'blog' },
      { status: 'CANCELLED', repository: 'blog' },
      { status: 'RUNNING', repository: '__proto__' },
    ];
    for (const [number, fields] of runs.entries()) await storage.saveRun(oldRun(number, fields));
    const statistics = await storage.getRunStatistics();
    const { byRepository, ...figures } = statistics;
    expect(figures).toEqual({
      total: 6,
      byStatus: { SUCCESS: 3, FAILED: 1, CANCELLED: 1, RUNNING: 1 },
      averageDuration: 250,
      successRate: 3 / 4,
    });
    expect(Object.entries(byRepository).sort()).toEqual([
      ['__proto__', 1],
      ['blog', 2],
      ['web-shop', 3],
    ]);
  });

  test('nothing that ended: a success rate of 0, as ever', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status: 'CANCELLED', duration: 40 }));
    expect(await storage.getRunStatistics()).toMatchObject({
      averageDuration: 40,
      successRate: 0,
    });
  });
});
