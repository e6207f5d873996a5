import assert from 'node:assert/strict';
import type { AgentRun } from '../../domain/run.ts';
import type { RunRepository } from '../../repository/run-repository.ts';
import { assertSameRun, collect } from '../assertions.ts';
import { formerStates } from '../former-states.ts';
import { idOf, makeRun, outputOf, RECOVERABLE } from '../make-run.ts';
import { put } from '../operations.ts';
import type { Suite } from '../subject.ts';

const make = () =>
  makeRun(1, {
    status: 'FAILED',
    error: RECOVERABLE,
    output: outputOf('half'),
    tags: ['a'],
    metadata: { deep: { list: [1] } },
    steps: [{ kind: 'event', input: { deep: [1] } }],
    ...{ unknown: { deep: [1] } },
  });

/** What goes in stays the caller's, and what comes out is: changing either changes no store. */
export function describeOwnership({ test }: Suite): void {
  test('a save leaves what it is given as it was', async ({ repository }) => {
    const run = deepFreeze(make());
    await repository.save(run);
    await repository.saveMany([deepFreeze({ ...make(), tags: ['b'] })]);
    assert.deepEqual(run, make());
  });

  test('changing a run after it was saved changes nothing', async ({ repository }) => {
    const run = make();
    await repository.save(run);
    spoil(run);
    assertSameRun(await repository.findById(idOf(1)), make());
  });

  test('changing a run while it is being saved changes nothing of what is stored whole', async ({
    repository,
  }) => {
    const run = make();
    const saved = repository.save(run);
    spoil(run);
    await saved;
    assertSameRun(await repository.findById(idOf(1)), make());
  });

  const READERS: Record<string, (repository: RunRepository) => Promise<object | null | undefined>> =
    {
      findById: (repository) => repository.findById(idOf(1)),
      findByRepository: async (repository) => (await repository.findByRepository('acme/app'))[0],
      stream: async (repository) => (await collect(repository.stream()))[0],
      list: async (repository) => (await repository.list()).items[0],
      search: async (repository) => (await repository.search('prompt')).items[0]?.run,
      statistics: (repository) => repository.statistics(),
      changes: async (repository) => (await collect(repository.changes()))[0],
    };
  for (const [name, read] of Object.entries(READERS)) {
    test(`changing what ${name} gave changes nothing`, async ({ repository }) => {
      await repository.save(make());
      const before = structuredClone(await read(repository));
      const given = await read(repository);
      assert.ok(given);
      spoil(given);
      assert.deepEqual(await read(repository), before);
      assertSameRun(await repository.findById(idOf(1)), make());
    });
  }

  test('changing what retry, claim and cancel gave changes nothing', async ({ repository }) => {
    await repository.save(make());
    const calls = [
      () => repository.retry(idOf(1)),
      () => repository.claim(),
      async () =>
        repository.cancel((await repository.list({ status: 'RUNNING' })).items[0]?.id ?? ''),
    ];
    for (const call of calls) {
      const given = (await call()) ?? assert.fail('nothing was given');
      const { id } = given;
      const before = structuredClone(given);
      spoil(given);
      assert.deepEqual(await repository.findById(id), before);
    }
  });

  test('changing what the port was given, or gave, changes nothing', async ({ store }) => {
    const run = make();
    await store.write([put(run)], { atomic: true });
    spoil(run);
    await store.write([put({ ...make(), tags: [] })], { atomic: true });
    const filter = {};
    const page = { filter, order: 'newest', after: null, limit: 9 } as const;
    spoil((await store.read([idOf(1)])).get(idOf(1)) ?? {});
    spoil((await store.heads([idOf(1)])).get(idOf(1)) ?? {});
    spoil(await store.summaries(page));
    spoil(await store.page({ ...page, maxBytes: 1e6 }));
    spoil(await store.changes(null, 9));
    spoil(await store.history(idOf(1)));
    spoil((await store.lastChanges([idOf(1)])).get(idOf(1)) ?? {});
    const [, first = null, second = null] = await formerStates(store, idOf(1));
    assertSameRun(first, make());
    assertSameRun(second, { ...make(), tags: [] });
  });
}

/** Changes everything that can be changed in a value, as deep as it goes. */
function spoil(value: object): void {
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) spoil(member);
    else (value as Record<string, unknown>)[key] = 'spoilt';
  }
  if (Array.isArray(value)) value.push('spoilt');
}

function deepFreeze(run: AgentRun): AgentRun {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  };
  freeze(run);
  return run;
}
