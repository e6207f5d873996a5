import { describe, expect, test } from 'vitest';
import { makeRuns } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import type { NormalFilter } from '../../../src/domain/filter.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { newPath, openStore, planOf } from './support/store-file.ts';

/** The plans of the statements that a call makes, one text each; those that end transactions aside. */
async function plansOf(call: (store: RunStore) => Promise<unknown>): Promise<string[]> {
  const path = newPath();
  const statements: string[] = [];
  const store = await openStore({ path, logging: ({ sql }) => statements.push(sql) });
  await store.write(
    makeRuns(30).map((run) => put(run)),
    { atomic: true },
  );
  statements.length = 0;
  await call(store);
  return statements.filter((sql) => !/^(BEGIN|COMMIT)/.test(sql)).map((sql) => planOf(path, sql));
}

const AFTER = { startedAt: '2026-03-01T12:00:09.000Z', id: '0' };
const SINCE = { since: '2026-03-01T12:00:03.000Z' };

describe('a list', () => {
  const lists: [name: string, filter: NormalFilter, index: string][] = [
    ['of all runs', {}, 'agent_runs_by_time'],
    ['of a time', SINCE, 'agent_runs_by_time ('],
    ['of a status', { statuses: ['FAILED'] }, 'agent_runs_by_status (status=?'],
    ['of several statuses', { statuses: ['QUEUED', 'RUNNING'] }, 'agent_runs_by_status (status=?'],
    ['of a repository', { repository: 'acme/app' }, 'agent_runs_by_repository (repository=?'],
    ['of a session', { sessionId: 's' }, 'agent_runs_by_session (session_id=?'],
    ['of retries', { parentRunId: 'p' }, 'agent_runs_by_parent (parent_run_id=?'],
    ['of subagents', { callerRunId: 'c' }, 'agent_runs_by_caller (caller_run_id=?'],
    ['of a tag', { tag: 't' }, 't USING PRIMARY KEY (tag=?'],
    ['of an agent', { agent: 'a' }, 'agent_runs_by_agent (agent=?'],
    ['of an error code', { errorCode: 'E' }, 'run_errors_by_code (code=?'],
    [
      'of failures in a repository',
      { repository: 'r', statuses: ['FAILED'] },
      'agent_runs_by_repository (repository=?',
    ],
    [
      'of what a repository waits for',
      { repository: 'r', statuses: ['QUEUED'] },
      'agent_runs_by_status (status=?',
    ],
    [
      'of what an agent does',
      { agent: 'a', statuses: ['QUEUED', 'RUNNING'] },
      'agent_runs_by_status (status=?',
    ],
    [
      'of a session that waits',
      { sessionId: 's', statuses: ['QUEUED'] },
      'agent_runs_by_session (session_id=?',
    ],
    [
      'of a tag and an error code',
      { tag: 't', errorCode: 'E', agent: 'a' },
      't USING PRIMARY KEY (tag=?',
    ],
  ];
  for (const order of ['newest', 'oldest'] as const) {
    for (const after of [null, AFTER]) {
      test.for(lists)(
        `%s, ${order} first${after ? ', after a place' : ''}`,
        async ([, filter, index]) => {
          const plans = await plansOf((store) =>
            store.summaries({ filter, order, after, limit: 50 }),
          );
          expect(plans).toHaveLength(1);
          expect(plans[0]).toContain(index);
          // Each step of a page is a look-up: nothing is sorted and no table is gone through.
          expect(plans[0]).not.toMatch(
            /TEMP B-TREE|SCAN (?!k\b|USING COVERING|r USING COVERING INDEX agent_runs_by_time)/,
          );
        },
      );
    }
  }

  test.for([
    ['the place', '2026-03-01T12:00:20.000Z', '((started_at,id)<(?,?))'],
    ['the bound', '2026-03-01T12:00:05.000Z', '(started_at<?)'],
  ])('begins at %s where that comes first', async ([, until = '', range]) => {
    const request = { filter: { until }, order: 'newest' as const, after: AFTER, limit: 50 };
    const [plan] = await plansOf((store) => store.summaries(request));
    expect(plan).toContain(`agent_runs_by_time ${range}`);
  });
});

describe('statistics', () => {
  const COVERED = /^(SCAN|SEARCH) r USING COVERING INDEX agent_runs_by_repository/;

  test.for<[string, NormalFilter]>([
    ['of all runs', {}],
    ['of a time', SINCE],
    ['of a repository', { repository: 'acme/app' }],
    ['of a repository in a time', { repository: 'acme/app', ...SINCE }],
  ])('%s are read from one index, in two statements', async ([, filter]) => {
    const plans = await plansOf((store) => store.statistics(filter));
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(plan).toMatch(COVERED);
      expect(plan).not.toContain('TEMP B-TREE');
      if ('since' in filter) expect(plan).toContain('(repository=? AND started_at>?');
    }
  });

  test.for<[string, NormalFilter]>([
    ['an agent', { agent: 'a' }],
    ['a model', { model: 'm' }],
  ])('of %s do not walk the index only to look up each run', async ([, filter]) => {
    for (const plan of await plansOf((store) => store.statistics(filter))) {
      expect(plan).not.toContain('USING INDEX agent_runs_by_repository');
    }
  });
});

test('a run is read by its key', async () => {
  const [plan] = await plansOf((store) => store.read(['0195a000-0000-7000-8000-000000000001']));
  expect(plan).not.toContain('SCAN');
});
