import { expect } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { guardRepository } from '../../../src/repository/guard/guarded-repository.ts';
import { openStore } from '../../support/postgres/fresh-store.ts';

const WRITERS = 64;
/** Runs whose costs are counted up by transactions; each writer counts one of them. */
const COUNTERS = 8;

/**
 * Lets 64 writers share a pool of 10 connections for some time. Fails unless each count and each run that
 * was acknowledged is there. `onStep` is called now and then.
 */
export async function writeTogether(
  url: string,
  milliseconds: number,
  onStep: () => void = () => {},
): Promise<void> {
  const repository = guardRepository(await openStore(url, { poolSize: 10 }));
  await repository.saveMany(makeRuns(COUNTERS).map((run) => ({ ...run, costMicroUsd: 0 })));
  const until = performance.now() + milliseconds;
  let steps = 0;
  const write = async (_: unknown, writer: number) => {
    for (let own = 1; performance.now() < until; own += 1) {
      await repository.transaction(async (inner) => {
        const run = await inner.findById(makeRun(writer % COUNTERS).id);
        if (run === null) throw new TypeError('It is gone.');
        await inner.save({ ...run, costMicroUsd: (run.costMicroUsd ?? 0) + 1 });
      });
      await repository.save(makeRun(100_000 * (writer + 1) + own));
      steps += 1;
      onStep();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  const { items } = await repository.list({}, { limit: COUNTERS, order: 'oldest' });
  const total = items.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0);
  expect(total).toBe(steps);
  expect((await repository.statistics()).totalRuns).toBe(COUNTERS + steps);
  await repository.close();
}
