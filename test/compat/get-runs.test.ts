import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentRun, RunStorage } from '../../src/compat/index.ts';
import { idOf, startOf } from '../../src/conformance/make-run.ts';
import { failed, oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

const numbersOf = (runs: readonly AgentRun[]) =>
  runs.map(({ id }) => Number.parseInt(id.slice(-12), 16));
const at = (number: number, moreMs = 0) => new Date(Date.parse(startOf(number)) + moreMs);

describe.each(STORES)('getAllRuns and getRunsByRepository over $name', ({ newPlace }) => {
  let storage: RunStorage;

  beforeEach(async () => {
    storage = storageAt(newPlace());
    // Saved out of order, so that the order found is not that of saving. 2, 4 and 6 failed.
    for (const number of [4, 1, 6, 3, 2, 5]) {
      const ended = number % 2 === 0 ? failed() : succeeded();
      const repository = number > 4 ? 'blog' : 'web-shop';
      await storage.saveRun(oldRun(number, { ...ended, repository }));
    }
  });

  test('without options: every run, newest first', async () => {
    const { runs, total } = await storage.getAllRuns();
    expect({ numbers: numbersOf(runs), total }).toEqual({ numbers: [6, 5, 4, 3, 2, 1], total: 6 });
    expect(runs[0]).toEqual(oldRun(6, { ...failed(), repository: 'blog' }));
  });

  test.each([
    ['a page', { limit: 2 }, [6, 5], 6],
    ['a later page', { limit: 2, offset: 2 }, [4, 3], 6],
    ['the last page, not full', { limit: 4, offset: 4 }, [2, 1], 6],
    ['a page that ends with the last run', { limit: 2, offset: 4 }, [2, 1], 6],
    ['an offset alone', { offset: 4 }, [2, 1], 6],
    ['an offset beyond the end', { limit: 2, offset: 9 }, [], 6],
    ['nothing but the count', { limit: 0 }, [], 6],
    ['a status', { status: 'FAILED' }, [6, 4, 2], 3],
    ['a status that no run has', { status: 'RUNNING' }, [], 0],
    ['a page of a status', { status: 'FAILED', limit: 1, offset: 1 }, [4], 3],
    ['a start, itself included', { startDate: at(4) }, [6, 5, 4], 3],
    ['a start just after a run', { startDate: at(4, 1) }, [6, 5], 2],
    ['an end, itself included', { endDate: at(2) }, [2, 1], 2],
    ['an end just before a run', { endDate: at(2, -1) }, [1], 1],
    ['a span of one moment', { startDate: at(3), endDate: at(3) }, [3], 1],
    ['all of it together', { status: 'FAILED', endDate: at(5), limit: 1, offset: 1 }, [2], 2],
    ['an end after everything', { endDate: new Date(8.64e15) }, [6, 5, 4, 3, 2, 1], 6],
    ['what a resolver was not given', { status: null, startDate: null, limit: null }, '6..1', 6],
  ] as const)('%s', async (_name, options, expected, total) => {
    const answer = await storage.getAllRuns(options);
    const numbers = expected === '6..1' ? [6, 5, 4, 3, 2, 1] : expected;
    expect({ numbers: numbersOf(answer.runs), total: answer.total }).toEqual({ numbers, total });
  });

  test.each([
    ['status', { status: 'DONE' }],
    ['limit', { limit: -1 }],
    ['offset', { offset: 1.5 }],
    ['startDate', { startDate: new Date('yesterday') }],
    ['endDate', { endDate: new Date(Number.NaN) }],
  ])('a %s that is none is refused, not answered with an empty page', async (path, options) => {
    await expect(storage.getAllRuns(options as { limit: number })).rejects.toMatchObject({
      code: 'INVALID',
      issues: [{ path }],
    });
  });

  test.each([
    ['startDate must be a Date.', { startDate: '2026-03-01' }],
    ['endDate must be a Date.', { endDate: 0 }],
    ['limit must be a number.', { limit: '10' }],
  ])('a wrong type is a TypeError: %s', async (message, options) => {
    const getting = storage.getAllRuns(options as unknown as { limit: number });
    await expect(getting).rejects.toThrow(new TypeError(message));
  });

  test('getRunsByRepository: all of its runs, newest first', async () => {
    expect(numbersOf(await storage.getRunsByRepository('web-shop'))).toEqual([4, 3, 2, 1]);
    expect(await storage.getRunsByRepository('blog')).toEqual([
      oldRun(6, { ...failed(), repository: 'blog' }),
      oldRun(5, { ...succeeded(), repository: 'blog' }),
    ]);
    expect(await storage.getRunsByRepository('nowhere')).toEqual([]);
  });

  test('getRunsByRepository without a name is no question, and not one for every run', async () => {
    const nothing = undefined as unknown as string;
    await expect(storage.getRunsByRepository(nothing)).rejects.toThrow(TypeError);
  });

  test('runs that started at one moment have one order, so that pages do not overlap', async () => {
    for (const number of [12, 10, 11]) {
      await storage.saveRun(oldRun(number, { startedAt: at(20), repository: 'ties' }));
    }
    const pages = [0, 1, 2].map((offset) => storage.getAllRuns({ limit: 1, offset }));
    const seen = (await Promise.all(pages)).flatMap(({ runs }) => numbersOf(runs));
    expect(seen).toEqual([12, 11, 10]);
    expect((await storage.getRun(idOf(10)))?.startedAt).toEqual(at(20));
  });
});

test('getRunsByRepository has no bound, unlike findByRepository', {
  timeout: 120_000,
}, async () => {
  const storage = storageAt('memory:');
  const more = 10_001;
  for (let number = 0; number < more; number += 1) await storage.saveRun(oldRun(number));
  expect(await storage.getRunsByRepository('web-shop')).toHaveLength(more);
});
