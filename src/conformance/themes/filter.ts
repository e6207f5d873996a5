import assert from 'node:assert/strict';
import { comparePlaces } from '../../domain/cursor.ts';
import { matchesFilter, normalizeFilter, type RunFilter } from '../../domain/filter.ts';
import type { AgentRun } from '../../domain/run.ts';
import { collect, idsOf, rejectsWith, wrongType } from '../assertions.ts';
import { idOf, inputOf, makeRun, startOf } from '../make-run.ts';
import { POPULATION_FILTERS, population } from '../population.ts';
import type { Suite } from '../subject.ts';

/** Filters: the same runs for `list`, `stream` and the reference in the domain. */
export function describeFilter({ test }: Suite): void {
  test('list and stream mean the runs that the reference means', async ({ repository }) => {
    const runs = population();
    await repository.saveMany(runs);
    for (const filter of POPULATION_FILTERS) {
      const expected = idsOf(reference(runs, filter));
      const name = JSON.stringify(filter);
      assert.deepEqual(
        idsOf((await repository.list(filter, { limit: 1000 })).items),
        expected,
        name,
      );
      assert.deepEqual(idsOf(await collect(repository.stream(filter))), expected, name);
      const oldest = await collect(repository.stream(filter, { order: 'oldest' }));
      assert.deepEqual(idsOf(oldest), expected.toReversed(), name);
    }
  });

  test('each condition holds for the run that has the value, and for no other', async ({
    repository,
  }) => {
    const fields = {
      repository: 'r',
      agent: 'a',
      sessionId: 's',
      branch: 'b',
      parentRunId: idOf(7),
      callerRunId: idOf(8),
    };
    const error = { code: 'E', message: '', recoverable: false };
    const input = { ...inputOf(''), model: 'm' };
    await repository.saveMany([
      makeRun(1, { ...fields, input, error, status: 'FAILED', tags: ['x', 't'] }),
      makeRun(2),
    ]);
    const conditions = [
      ...Object.entries(fields),
      ['model', 'm'],
      ['tag', 't'],
      ['errorCode', 'E'],
      ['status', 'FAILED'],
      ['until', startOf(2)],
    ];
    for (const [name = '', value] of conditions) {
      const { items } = await repository.list({ [name]: value });
      assert.deepEqual(idsOf(items), [idOf(1)], name);
    }
  });

  test('a window begins with its first moment and ends before its last', async ({ repository }) => {
    await repository.saveMany([1, 2, 3].map((number) => makeRun(number)));
    const { items } = await repository.list({ since: startOf(1), until: startOf(3) });
    assert.deepEqual(idsOf(items), [2, 1].map(idOf));
  });

  test('a condition that is undefined counts as not given', async ({ repository }) => {
    await repository.save(makeRun(1));
    const filter = { repository: undefined, status: undefined, since: undefined };
    assert.equal((await repository.list(wrongType(filter))).items.length, 1);
  });

  test('names differ by every unit: case, form, white space', async ({ repository }) => {
    const names = [
      'café',
      'cafe\u0301',
      'Café',
      'café ',
      'caf_',
      'caf%',
      '\ue000x',
      '\ud800',
      '\udc00',
    ];
    await repository.saveMany(names.map((name, number) => makeRun(number, { repository: name })));
    for (const [number, name] of names.entries()) {
      assert.deepEqual(idsOf((await repository.list({ repository: name })).items), [idOf(number)]);
    }
  });

  test('what is no condition is refused by name, everywhere', async ({ repository }) => {
    const wrong: [string, RunFilter][] = [
      ['repo', wrongType({ repo: 'x' })],
      ['repository', wrongType({ repository: 7 })],
      ['tag', wrongType({ tag: ['a'] })],
      ['status', wrongType({ status: 'DONE' })],
      ['status', { status: [] }],
      ['since', { since: 'yesterday' }],
      ['until', { until: '2026-02-30T00:00:00Z' }],
      ['since', { since: '2026-03-01T12:00:00' }],
      ['until', { until: new Date(Number.NaN) }],
    ];
    for (const [path, filter] of wrong) {
      const calls = [
        repository.list(filter),
        collect(repository.stream(filter)),
        repository.search('word', { filter }),
        repository.statistics(filter),
        repository.deleteMany(filter),
      ];
      for (const call of calls) {
        const { issues } = await rejectsWith('INVALID', call);
        assert.deepEqual(
          issues.map((issue) => issue.path),
          [path],
        );
      }
    }
  });
}

/** The runs that a filter means, newest first. */
function reference(runs: readonly AgentRun[], filter: RunFilter): AgentRun[] {
  const normal = normalizeFilter(filter);
  return runs.filter((run) => matchesFilter(run, normal)).sort((a, b) => comparePlaces(b, a));
}
