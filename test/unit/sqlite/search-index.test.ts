import { describe, expect, test } from 'vitest';
import { idOf, inputOf, makeRun, makeRuns, outputOf } from '../../../src/conformance/make-run.ts';
import { deletion, put } from '../../../src/conformance/operations.ts';
import { parseTextQuery } from '../../../src/domain/text/text-query.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { change, newPath, openStore, singleValue } from './support/store-file.ts';

const ATOMIC = { atomic: true };

async function found(store: RunStore, text: string, limit = 100): Promise<string[]> {
  const request = { filter: {}, order: 'newest' as const, after: null, limit };
  const { places } = await store.searchText({ query: parseTextQuery(text), ...request });
  return places.map(({ id }) => id);
}

const saying = (number: number, prompt: string) => makeRun(number, { input: inputOf(prompt) });

describe('the search index', () => {
  test('forgets a run that took over the row of a deleted one', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write([put(saying(1, 'first apples'))], ATOMIC);
    expect(await found(store, 'apples')).toEqual([idOf(1)]);
    const row = singleValue(path, 'SELECT run_number FROM agent_runs');
    await store.write([deletion(idOf(1)), put(saying(2, 'second pears'))], ATOMIC);
    expect(singleValue(path, 'SELECT run_number FROM agent_runs')).toBe(row);
    expect(await found(store, 'apples')).toEqual([]);
    expect(await found(store, 'pears')).toEqual([idOf(2)]);
    await store.write([deletion(idOf(2))], ATOMIC);
    expect(await found(store, 'pears')).toEqual([]);
    expect(singleValue(path, 'SELECT count(*) FROM run_search_docsize')).toBe(0);
  });

  test('takes changes one at a time to the same end', async () => {
    const store = await openStore({ path: newPath() });
    await store.write([put(saying(1, 'apples'))], ATOMIC);
    await store.write([deletion(idOf(1)), put(saying(2, 'pears'))], ATOMIC);
    await store.write([put(saying(2, 'plums'))], ATOMIC);
    await store.write([put(saying(3, 'apples and plums'))], ATOMIC);
    const steps: number[] = [];
    while (steps.at(-1) !== 0) steps.push(await store.catchUpSearch(1));
    expect(steps).toEqual([4, 3, 2, 1, 0]);
    expect(await found(store, 'apples')).toEqual([idOf(3)]);
    expect(await found(store, 'plums')).toEqual([idOf(3), idOf(2)]);
    expect(await found(store, 'pears')).toEqual([]);
  });

  test('survives VACUUM', async () => {
    const path = newPath();
    const store = await openStore({ path });
    await store.write(
      makeRuns(20).map((run, n) =>
        put({ ...run, input: inputOf(`fruit ${n % 2 ? 'plum' : 'fig'}`) }),
      ),
      ATOMIC,
    );
    await store.write(
      [0, 3, 4, 11].map((number) => deletion(idOf(number))),
      ATOMIC,
    );
    const before = await found(store, 'plum');
    expect(before).toHaveLength(8);
    change(path, 'VACUUM');
    expect(await found(store, 'plum')).toEqual(before);
    await store.write([put(saying(30, 'plum again'))], ATOMIC);
    expect(await found(store, 'plum')).toEqual([idOf(30), ...before]);
  });

  test('finds the same when there are too many matches to sort', async () => {
    const store = await openStore({ path: newPath() });
    const count = 5_100;
    for (let first = 0; first < count; first += 300) {
      const batch = Array.from({ length: 300 }, (_, at) =>
        saying(first + at, `common word ${first + at}`),
      );
      await store.write(
        batch.map((run) => put(run)),
        { atomic: true, durability: 'bulk' },
      );
    }
    while ((await store.catchUpSearch(2_000)) > 0);
    const newest = Array.from({ length: 30 }, (_, at) => idOf(count - 1 - at));
    expect(await found(store, 'common', 30)).toEqual(newest);
    expect(await found(store, 'common', count)).toHaveLength(count);
    expect(await found(store, 'common 4242', 30)).toEqual([idOf(4242)]);
  });

  test('a search takes in thousands of changes by itself before it answers', async () => {
    const store = await openStore({ path: newPath() });
    await store.write(
      makeRuns(1_200).map((run) => put(run)),
      { atomic: true, durability: 'bulk' },
    );
    const request = { filter: {}, order: 'newest' as const, after: null, limit: 5 };
    const query = parseTextQuery('prompt');
    let result = await store.searchText({ query, ...request });
    // A slow machine may need a second search; none may need more than there are changes.
    for (let tries = 0; result.behind > 0 && tries < 20; tries += 1) {
      result = await store.searchText({ query, ...request });
    }
    expect(result).toMatchObject({ behind: 0, places: [{ id: idOf(1_199) }, {}, {}, {}, {}] });
  });

  test('is not written when nothing changed', async () => {
    const statements: string[] = [];
    const store = await openStore({ path: newPath(), logging: ({ sql }) => statements.push(sql) });
    await store.write([put(makeRun(1, { output: outputOf('ripe figs') }))], ATOMIC);
    expect(await found(store, 'fig')).toEqual([idOf(1)]);
    statements.length = 0;
    expect(await found(store, 'fig')).toEqual([idOf(1)]);
    expect(statements).not.toContain('BEGIN IMMEDIATE');
  });
});
