import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { NormalFilter } from '../../src/domain/filter.ts';
import { parseTextQuery } from '../../src/domain/text/text-query.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { applyPostgresSchema } from '../../src/stores/postgres/schema/schema.ts';
import {
  oldestServer,
  openStore,
  placeOf,
  targetOf,
  unusedSchema,
} from '../support/postgres/fresh-store.ts';
import { testOn } from '../support/test-where.ts';
import { fillWithRuns } from './support/many-runs.ts';
import { planOf, plansOf } from './support/plans.ts';

const server = oldestServer();
const test = testOn(server);
/** A page of 50 looks at no more pages of the disk than this, in a store of 100,000 runs. */
const PAGES_OF_A_LIST = 900;
/** A search walks the matches up to 5,000, or the newest runs until a page is full. */
const PAGES_OF_A_SEARCH = 4000;

let store: RunStore;
let client: pg.Client;
let url: string;

beforeAll(async () => {
  if (server.url === null) return;
  url = unusedSchema(server);
  const { host, port, username, database, schema } = targetOf(url);
  store = await openStore(url);
  client = new pg.Client({ host, port, user: username, database });
  await client.connect();
  await fillWithRuns(client, schema);
}, 120_000);

afterAll(async () => {
  if (server.url === null) return;
  await store.close();
  await client.query(
    `SET client_min_messages = error; DROP SCHEMA ${targetOf(url).schema} CASCADE`,
  );
  await client.end();
});

describe('a list', () => {
  const lists: [name: string, filter: NormalFilter, index: string][] = [
    ['of all runs', {}, 'agent_runs_by_time'],
    ['of a status', { statuses: ['FAILED'] }, 'agent_runs_by_status'],
    ['of several statuses', { statuses: ['QUEUED', 'RUNNING'] }, 'agent_runs_by_status'],
    ['of a repository', { repository: 'team/service-3' }, 'agent_runs_by_repository'],
    ['of an agent', { agent: 'agent-1' }, 'agent_runs_by_agent'],
    ['of a session', { sessionId: 'session-77' }, 'agent_runs_by_session'],
    ['of a tag', { tag: 'tag-1' }, 'run_tags_by_tag'],
    ['of an error code', { errorCode: 'CODE_3' }, 'run_errors_by_code'],
  ];
  for (const order of ['newest', 'oldest'] as const) {
    for (const isDeep of [false, true]) {
      test.for(lists)(
        `%s, ${order} first${isDeep ? ', after a place' : ''}`,
        async ([, filter, index]) => {
          const middle = new Date(Date.now() - 30 * 86_400_000).toISOString();
          const after = isDeep ? { startedAt: middle, id: crypto.randomUUID() } : null;
          const plans = await plansOf(client, () =>
            store.summaries({ filter, order, after, limit: 50 }),
          );
          expect(plans).toHaveLength(1);
          const [{ text, pages } = { text: '', pages: 0 }] = plans;

          expect(text).toContain(index);
          expect(text).not.toMatch(/Seq Scan/);
          expect(pages).toBeLessThan(PAGES_OF_A_LIST);
        },
      );
    }
  }
});

describe('statistics', () => {
  const week = new Date(Date.now() - 7 * 86_400_000).toISOString();

  test.for<[string, NormalFilter]>([
    ['of a time', { since: week }],
    ['of a repository', { repository: 'team/service-3' }],
    ['of a repository in a time', { repository: 'team/service-3', since: week }],
  ])('%s are read from one index', async ([, filter]) => {
    const plans = await plansOf(client, () => store.statistics(filter));
    // In one statement: its figures are of one moment.
    expect(plans).toHaveLength(1);
    const { text = '' } = plans[0] ?? {};
    expect(text).toContain('Index Only Scan using agent_runs_by_repository');
    expect(text).not.toMatch(/Heap Fetches: [^0]|Seq Scan/);
  });

  test('of all runs look at no text', async () => {
    const plans = await plansOf(client, () => store.statistics({}));
    expect(plans).toHaveLength(1);
    for (const { text } of plans) expect(text).not.toMatch(/agent_inputs|agent_outputs|run_errors/);
  });
});

describe('a search', () => {
  const plansFor = async (word: string) => {
    const page = { filter: {}, order: 'newest' as const, after: null, limit: 50 };
    const query = parseTextQuery(word);
    const plans = await plansOf(client, () => store.searchText({ ...page, query }));
    for (const { text, pages } of plans) {
      expect(text).not.toMatch(/Seq Scan on (agent_runs|run_search)/);
      expect(pages).toBeLessThan(PAGES_OF_A_SEARCH);
    }
    return plans.map(({ text }) => text);
  };

  test('for a rare word looks up what its index names', async () => {
    const plans = await plansFor('rare');
    expect(plans.at(-1)).toContain('run_search_by_token');
  });

  test('for a common word walks the newest runs until the page is full', async () => {
    const plans = await plansFor('common');
    expect(plans.at(-1)).toContain('agent_runs_by_time');
    expect(plans.at(-1)).not.toContain('run_search_by_token');
  });
});

describe("people's own queries", () => {
  const FOLDER = join(import.meta.dirname, '../../examples/sql');
  const planOfFile = async (file: string) => {
    const { text } = await planOf(client, {
      text: readFileSync(join(FOLDER, file), 'utf8'),
      values: [],
    });
    return text;
  };

  test('failed runs of the last day are found by their index', async () => {
    const plan = await planOfFile('failed-last-day.sql');
    expect(plan).toMatch(/agent_runs_by_(status|time)/);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  test('the last week of each repository is found by an index', async () => {
    const plan = await planOfFile('repository-performance.sql');
    expect(plan).toMatch(/agent_runs_by_(time|repository)/);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  test('similar prompts are found by the index of English words, where there is one', async () => {
    expect(await planOfFile('similar-prompts.sql')).toContain('Seq Scan on agent_inputs');
    await applyPostgresSchema({ ...placeOf(url), postgresEnglishIndex: true });
    expect(await planOfFile('similar-prompts.sql')).toContain('agent_inputs_english');
  });
});
