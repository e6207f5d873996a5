import assert from 'node:assert/strict';
import { matchesFilter, normalizeFilter } from '../../domain/filter.ts';
import type { AgentRun } from '../../domain/run.ts';
import { ACTIVE_STATUSES } from '../../domain/status.ts';
import { collect, idsOf, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { idOf, makeRun, makeRuns, startOf } from '../make-run.ts';
import { POPULATION_FILTERS, population } from '../population.ts';
import type { Suite } from '../subject.ts';

/** `deleteMany`: what matches and may go, and never everything by accident. */
export function describeDeleteMany({ test }: Suite): void {
  test('what matches is deleted, what is active is left and counted', async ({ repository }) => {
    await repository.saveMany([
      ...makeRuns(4),
      makeRun(4, { status: 'QUEUED' }),
      makeRun(5, { status: 'RUNNING' }),
      makeRun(6, { repository: 'other' }),
    ]);
    const report = await repository.deleteMany({ repository: 'acme/app' });
    assert.deepEqual(report, { deleted: 4, active: 2 });
    assert.deepEqual(idsOf((await repository.list()).items), [6, 5, 4].map(idOf));
  });

  test('nothing that matches is nothing deleted', async ({ repository }) => {
    await repository.save(makeRun(1));
    const report = await repository.deleteMany({ repository: 'none' });
    assert.deepEqual(report, { deleted: 0, active: 0 });
    assert.equal((await repository.statistics()).totalRuns, 1);
  });

  test('a filter that names nothing is refused and deletes nothing', async ({ repository }) => {
    await repository.saveMany(makeRuns(3));
    await rejectsWith('EMPTY_FILTER', repository.deleteMany({}));
    const undefinedOnly = wrongType<object>({ status: undefined, repository: undefined });
    await rejectsWith('EMPTY_FILTER', repository.deleteMany(undefinedOnly));
    for (const filter of [null, 'all', []]) {
      await rejectsWithTypeError(repository.deleteMany(wrongType(filter)));
    }
    await assert.rejects(repository.deleteMany(wrongType(undefined)));
    await rejectsWith('INVALID', repository.deleteMany(wrongType({ repo: 'acme/app' })));
    assert.equal((await repository.statistics()).totalRuns, 3);
  });

  test('more runs than a batch go too', async ({ repository }) => {
    await repository.saveMany(makeRuns(1100));
    const report = await repository.deleteMany({ since: startOf(50) });
    assert.deepEqual(report, { deleted: 1050, active: 0 });
    const changes = await collect(repository.changes());
    assert.equal(changes.filter(({ operation }) => operation === 'delete').length, 1050);
  });

  test('each filter deletes the runs that the reference means', async ({ repository }) => {
    const runs = population(45);
    for (const filter of POPULATION_FILTERS.slice(1, 30)) {
      const normal = normalizeFilter(filter);
      const meant = runs.filter((run) => matchesFilter(run, normal));
      const active = meant.filter((run) => isUnderWay(run, runs));
      // Brings back what the filter before deleted.
      const { rejected } = await repository.saveMany(runs);
      assert.deepEqual(rejected, []);
      const report = await repository.deleteMany(filter);
      const expected = { deleted: meant.length - active.length, active: active.length };
      assert.deepEqual(report, expected, JSON.stringify(filter));
      const left = idsOf(await collect(repository.stream()));
      const kept = runs.filter((run) => !meant.includes(run) || active.includes(run));
      assert.deepEqual(left.sort(), idsOf(kept).sort());
    }
  });
}

/** Whether somebody works on a run, or on a retry of it. */
function isUnderWay({ id, status }: AgentRun, runs: readonly AgentRun[]): boolean {
  if (status !== 'RETRYING') return ACTIVE_STATUSES.includes(status);
  return runs.some((run) => run.parentRunId === id && ACTIVE_STATUSES.includes(run.status));
}
