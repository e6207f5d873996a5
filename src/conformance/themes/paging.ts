import assert from 'node:assert/strict';
import type { RunFilter } from '../../domain/filter.ts';
import type { PageOptions, RunRepository } from '../../repository/run-repository.ts';
import { idsOf, rejectsWith } from '../assertions.ts';
import { idOf, makeRun, makeRuns, startOf } from '../make-run.ts';
import type { Suite } from '../subject.ts';

/** Cursors of `list`: whole, stable under inserts and deletes, and refused where they do not belong. */
export function describePaging({ test }: Suite): void {
  for (const order of ['newest', 'oldest'] as const) {
    test(`pages, ${order} first, give every run once and end with null`, async ({ repository }) => {
      const startedAt = startOf(0);
      const runs = [
        ...makeRuns(6),
        ...[10, 11, 12].map((number) => makeRun(number, { startedAt })),
      ];
      await repository.saveMany(runs);
      const whole = idsOf((await repository.list({}, { order })).items);
      assert.equal(whole.length, 9);
      for (const limit of [1, 2, 3, 4, 8, 9, 10]) {
        const pages = await allPages(repository, {}, { order, limit });
        assert.deepEqual(pages.flat(), whole);
        assert.equal(pages.length, Math.ceil(9 / limit));
      }
    });
  }

  test('the filter goes before the page', async ({ repository }) => {
    const runs = makeRuns(20).map((run, index) => ({ ...run, branch: `b${index % 3}` }));
    await repository.saveMany(runs);
    const pages = await allPages(repository, { branch: 'b1' }, { limit: 3 });
    assert.deepEqual(
      pages.map((page) => page.length),
      [3, 3, 1],
    );
    assert.deepEqual(pages.flat(), [19, 16, 13, 10, 7, 4, 1].map(idOf));
  });

  test('a cursor survives runs that are added before and behind it', async ({ repository }) => {
    await repository.saveMany(makeRuns(6));
    const first = await repository.list({}, { limit: 3 });
    assert.deepEqual(idsOf(first.items), [5, 4, 3].map(idOf));
    await repository.saveMany([makeRun(50), makeRun(51, { startedAt: startOf(1) })]);
    const rest = await repository.list({}, { limit: 10, cursor: first.nextCursor ?? '' });
    assert.deepEqual(idsOf(rest.items), [2, 51, 1, 0].map(idOf));
    assert.equal(rest.nextCursor, null);
  });

  test('a cursor survives the run that it stands at', async ({ repository }) => {
    await repository.saveMany(makeRuns(6));
    const { nextCursor } = await repository.list({}, { limit: 3 });
    await repository.delete(idOf(3));
    await repository.delete(idOf(2));
    const rest = await repository.list({}, { cursor: nextCursor ?? '' });
    assert.deepEqual(idsOf(rest.items), [1, 0].map(idOf));
  });

  test('a cursor can be used again and with another limit', async ({ repository }) => {
    await repository.saveMany(makeRuns(6));
    const cursor = (await repository.list({}, { limit: 2 })).nextCursor ?? '';
    const page = await repository.list({}, { limit: 2, cursor });
    assert.deepEqual(await repository.list({}, { limit: 2, cursor }), page);
    const longer = await repository.list({}, { limit: 3, cursor });
    assert.deepEqual(idsOf(longer.items), [3, 2, 1].map(idOf));
  });

  test('a cursor past the end gives an empty page', async ({ repository }) => {
    await repository.saveMany(makeRuns(3));
    const { nextCursor } = await repository.list({}, { limit: 2 });
    await repository.delete(idOf(0));
    const rest = await repository.list({}, { cursor: nextCursor ?? '' });
    assert.deepEqual(rest, { items: [], nextCursor: null });
  });

  test('what is no cursor of this order is refused', async ({ repository }) => {
    await repository.saveMany(makeRuns(4));
    const newest = (await repository.list({}, { limit: 1 })).nextCursor ?? '';
    const oldest = (await repository.list({}, { limit: 1, order: 'oldest' })).nextCursor ?? '';
    await rejectsWith('BAD_CURSOR', repository.list({}, { order: 'oldest', cursor: newest }));
    await rejectsWith('BAD_CURSOR', repository.list({}, { cursor: oldest }));
    for (const cursor of ['', 'x', idOf(1), newest.slice(0, -3), `${newest}AAAA`, `${newest}=`]) {
      await rejectsWith('BAD_CURSOR', repository.list({}, { cursor }));
    }
  });
}

async function allPages(
  repository: RunRepository,
  filter: RunFilter,
  options: PageOptions,
): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await repository.list(filter, { ...options, ...(cursor !== null && { cursor }) });
    pages.push(idsOf(page.items));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}
