import assert from 'node:assert/strict';
import { comparePlaces } from '../../domain/cursor.ts';
import { matchesFilter, normalizeFilter } from '../../domain/filter.ts';
import { summarize } from '../../domain/run-summary.ts';
import { searchableTexts } from '../../domain/text/searchable-texts.ts';
import { matchesText, parseTextQuery } from '../../domain/text/text-query.ts';
import { idsOf, rejectsWith, rejectsWithTypeError, wrongType } from '../assertions.ts';
import { FINAL, idOf, inputOf, makeRun, makeRuns, outputOf, startOf } from '../make-run.ts';
import { population } from '../population.ts';
import { EDGE_TEXTS } from '../samples/text-samples.ts';
import { searchAll } from '../search-all.ts';
import type { Suite } from '../subject.ts';

const prompt = (number: number, text: string) => makeRun(number, { input: inputOf(text) });

/** `search`: which runs are found, in what order, and how the index follows the store. */
export function describeSearch({ test }: Suite): void {
  test('prompt, message and error message are searched, and nothing else', async (subject) => {
    const none = outputOf('nothing');
    await subject.repository.saveMany([
      prompt(1, 'find the walrus'),
      makeRun(2, { output: outputOf('a walrus was here') }),
      makeRun(3, { status: 'FAILED', error: { ...FINAL, message: 'no walrus' } }),
      makeRun(4, {
        branch: 'walrus',
        input: { ...inputOf('other'), diff: 'walrus', recentCommits: ['walrus'], model: 'walrus' },
        output: { ...none, reasoning: 'walrus', rawResponse: 'walrus' },
        error: { ...FINAL, code: 'walrus', stackTrace: 'walrus' },
        tags: ['walrus'],
        metadata: { walrus: 'walrus' },
        steps: [{ kind: 'message', name: 'walrus', output: 'walrus' }],
      }),
    ]);
    const hits = await searchAll(subject, 'walrus');
    assert.deepEqual(
      hits.map(({ run, field }) => [run.id, field]),
      [
        [idOf(3), 'errorMessage'],
        [idOf(2), 'message'],
        [idOf(1), 'prompt'],
      ],
    );
    for (const { run, snippet } of hits) {
      const stored = await subject.repository.findById(run.id);
      assert.deepEqual(run, stored && summarize(stored));
      assert.match(snippet.text, /walrus/);
    }
  });

  test('every word must occur, in any order and in any of the texts', async (subject) => {
    await subject.repository.saveMany([
      prompt(1, 'red green'),
      prompt(2, 'green'),
      makeRun(3, { input: inputOf('green'), output: outputOf('red') }),
      prompt(4, 'reddish greenish'),
    ]);
    assert.deepEqual(foundBy(await searchAll(subject, 'Red GREEN')), [3, 1].map(idOf));
    assert.deepEqual(foundBy(await searchAll(subject, 'green red blue')), []);
  });

  test('words match in their other forms, code words whole and in parts', async (subject) => {
    await subject.repository.saveMany([
      prompt(1, 'retrying the migrations'),
      prompt(2, 'see getRunsByRepository in src/run-storage.ts'),
      prompt(3, 'connect failed with ECONNRESET'),
    ]);
    const expected: [string, number[]][] = [
      ['retry migration', [1]],
      ['getRunsByRepository', [2]],
      ['repository', [2]],
      ['run-storage', [2]],
      ['econnreset', [3]],
    ];
    for (const [query, numbers] of expected) {
      assert.deepEqual(foundBy(await searchAll(subject, query)), numbers.map(idOf), query);
    }
  });

  test('every query finds the runs that the reference finds, newest first', async (subject) => {
    const edges = Object.values(EDGE_TEXTS).map((text, number) => prompt(500 + number, text));
    const runs = [...population(), ...edges].sort((a, b) => comparePlaces(b, a));
    await subject.repository.saveMany(runs);
    const queries = [
      'retry',
      'report timeout',
      'run storage',
      'case 3',
      '数据库',
      'שלום',
      'null a',
      'é',
    ];
    for (const query of queries) {
      for (const filter of [{}, { status: 'FAILED' }, { until: startOf(10) }] as const) {
        const [terms, normal] = [parseTextQuery(query), normalizeFilter(filter)];
        const expected = runs.filter(
          (run) =>
            matchesFilter(run, normal) && matchesText(terms, Object.values(searchableTexts(run))),
        );
        const hits = await searchAll(subject, query, { filter, limit: 7 });
        assert.deepEqual(foundBy(hits), idsOf(expected), `${query} ${JSON.stringify(filter)}`);
      }
    }
  });

  test('runs are found as they are now, not as they were', async (subject) => {
    const { repository } = subject;
    await repository.saveMany([prompt(1, 'alpha'), prompt(2, 'alpha')]);
    assert.deepEqual(foundBy(await searchAll(subject, 'alpha')), [2, 1].map(idOf));
    await repository.save(prompt(1, 'beta'));
    await repository.delete(idOf(2));
    assert.deepEqual(foundBy(await searchAll(subject, 'alpha')), []);
    assert.deepEqual(foundBy(await searchAll(subject, 'beta')), [idOf(1)]);
    await repository.save(prompt(2, 'beta'));
    assert.deepEqual(foundBy(await searchAll(subject, 'beta')), [2, 1].map(idOf));
  });

  test('a search without catching up first finds everything or says how far behind it is', async ({
    repository,
  }) => {
    for (let number = 0; number < 5; number += 1) {
      await repository.save(prompt(number, 'gamma'));
      const { items, behind } = await repository.search('gamma');
      assert.ok(
        behind > 0 || items.length === number + 1,
        `${items.length} hits, ${behind} behind`,
      );
    }
  });

  test('pages give every hit once and survive new runs', async (subject) => {
    const { repository, store } = subject;
    await repository.saveMany(makeRuns(11, { input: inputOf('delta') }));
    assert.equal((await searchAll(subject, 'delta', { limit: 3 })).length, 11);
    const first = await repository.search('delta', { limit: 4 });
    await repository.save(prompt(99, 'delta'));
    while ((await store.catchUpSearch(10)) > 0);
    const cursor = first.nextCursor ?? '';
    const rest = await repository.search('delta', { limit: 20, cursor });
    assert.deepEqual(foundBy(rest.items), [6, 5, 4, 3, 2, 1, 0].map(idOf));
    assert.equal(rest.nextCursor, null);
  });

  test('a query without a word is refused, and so are wrong options', async ({ repository }) => {
    for (const query of ['', '   ', '!!! ...', '\u0000', '"']) {
      await rejectsWith('BAD_QUERY', repository.search(query));
    }
    for (const limit of [0, 1001, 1.5])
      await rejectsWith('INVALID', repository.search('a', { limit }));
    await rejectsWith('BAD_CURSOR', repository.search('a', { cursor: 'x' }));
    await rejectsWithTypeError(repository.search(wrongType(null)));
    await rejectsWithTypeError(repository.search(wrongType(['a'])));
  });

  test('what an engine could take for its own query language are words', async (subject) => {
    await subject.repository.saveMany([prompt(1, 'NEAR and OR not'), prompt(2, 'zeta AND eta')]);
    for (const query of [
      '"NEAR',
      'near(and, or)',
      'NEAR* AND',
      '^near',
      'near : not',
      "near' or",
    ]) {
      assert.deepEqual(foundBy(await searchAll(subject, query)), [idOf(1)], query);
    }
    assert.deepEqual(foundBy(await searchAll(subject, '-zeta | !eta & <->')), [idOf(2)]);
  });
}

function foundBy(hits: readonly { run: { id: string } }[]): string[] {
  return idsOf(hits.map(({ run }) => run));
}
