import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import type { RunSource, SourceItem, SourceRange } from '../../../src/repository/run-source.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { storeSource } from '../../../src/repository/store-source.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../../src/stores/sqlite/open-sqlite-store.ts';
import { edit, edit as editIn, remove, runsOf } from '../../support/list-source.ts';

async function filled(count: number): Promise<RunStore> {
  const store = openMemoryStore();
  for (const run of makeRuns(count)) await edit(store, run);
  return store;
}

/** What a source gives, without its marks. */
async function itemsOf(source: RunSource, range: SourceRange = {}) {
  const items: SourceItem[] = await Array.fromAsync(source.items(range));
  return items.filter(({ kind }) => kind !== 'mark');
}

/** The source of a store to which something happens after its first page was read. */
function interrupted(store: RunStore, happens: () => Promise<void>) {
  let pages = 0;
  return storeSource({
    ...store,
    async page(request) {
      pages += 1;
      if (pages === 2) await happens();
      return await store.page(request);
    },
  });
}

test('gives every run once, oldest first, with its version, times and digest', async () => {
  const store = await filled(1_100);
  await edit(store, { ...makeRun(0), branch: 'x' });
  const source = await storeSource(store);
  expect(await source.count()).toBe(1_100);
  const items = await itemsOf(source);
  const runs = items.flatMap((item) => (item.kind === 'run' ? item.run : []));
  expect(runs).toEqual(await runsOf(store));
  expect(items[0]).toMatchObject({
    run: { version: 2 },
    digest: digestOf({ ...makeRun(0), branch: 'x' }),
  });
});

test('its origin is the kind and the place, or the store where it has no place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-origin-'));
  const path = join(folder, 'runs.db');
  const sqlite = await openSqliteStore({ path });
  try {
    expect((await storeSource(sqlite)).origin).toBe(`sqlite:${path}`);
  } finally {
    await sqlite.close();
    rmSync(folder, { recursive: true });
  }
  const [one, two] = [openMemoryStore(), openMemoryStore()];
  const origins = [await storeSource(one), await storeSource(two)].map(({ origin }) => origin);
  expect(origins[0]).toBe(`memory:${(await one.position()).storeId}`);
  expect(origins[1]).not.toBe(origins[0]);
});

describe('what happens while the source is read', () => {
  /** How many runs each read asked for when that many changed meanwhile. */
  async function readsOf(changed: number, diff: string) {
    const store = await filled(changed);
    const reads: number[] = [];
    const told: RunStore = {
      ...store,
      async read(ids) {
        reads.push(ids.length);
        return await store.read(ids);
      },
      async page(request) {
        const page = await store.page(request);
        if (page.length > 0) return page;
        for (const run of makeRuns(changed)) await edit(store, withDiff(run, diff));
        return page;
      },
    };
    const items = await itemsOf(await storeSource(told));
    expect(items.slice(changed)).toMatchObject(
      makeRuns(changed).map(({ id }) => ({ kind: 'run', run: { id, input: { diff } } })),
    );
    return reads;
  }

  test('what changed is read in pieces of up to 50 runs', async () => {
    expect(await readsOf(200, 'x')).toEqual([1, 2, 4, 8, 16, 32, 50, 50, 37]);
  });

  test('large ones are read in pieces of about 8 MB', async () => {
    expect(await readsOf(8, 'x'.repeat(3e6))).toEqual([1, 2, 1, 2, 1, 1]);
  });

  test('runs inserted behind the reader, changed and deleted arrive', async () => {
    const store = await filled(600);
    const behind = makeRun(9_999, { startedAt: '2020-01-01T00:00:00.000Z' });
    const source = await interrupted(store, async () => {
      await edit(store, behind);
      await edit(store, { ...makeRun(3), branch: 'new' });
      await remove(store, makeRun(4).id);
      await remove(store, makeRun(5).id);
      await edit(store, { ...makeRun(5), branch: 'back' });
    });
    const target = openMemoryStore();
    expect(await copyRuns(source, target)).toMatchObject({ differences: [], verified: 600 });
    expect((await runsOf(target)).map(content)).toEqual((await runsOf(store)).map(content));
    expect(await runsOf(target)).toHaveLength(600);
  });

  test('a deletion takes the run from the other side, but not one that was edited there', async () => {
    const store = await filled(600);
    const target = openMemoryStore();
    await copyRuns(await storeSource(store), target);
    await edit(target, { ...makeRun(8), branch: 'mine' });
    const source = await interrupted(store, async () => {
      await remove(store, makeRun(7).id);
      await remove(store, makeRun(8).id);
    });
    const report = await copyRuns(source, target);
    expect(report.differences).toEqual([makeRun(8).id]);
    const found = await target.heads([makeRun(7).id, makeRun(8).id]);
    expect([...found.keys()]).toEqual([makeRun(8).id]);
  });

  test('a run that was deleted before its page came is deleted on the other side too', async () => {
    const store = await filled(600);
    const target = openMemoryStore();
    await copyRuns(await storeSource(store), target);
    const last = makeRun(599).id;
    const source = await interrupted(store, () => remove(store, last));
    expect(await copyRuns(source, target)).toMatchObject({ differences: [] });
    expect(await target.heads([last])).toEqual(new Map());
  });

  test('a source that never rests comes to an end', async () => {
    const store = await filled(2);
    let asked = 0;
    const source = await storeSource({
      ...store,
      async changes(after, limit) {
        asked += 1;
        await edit(store, { ...makeRun(1), branch: `${asked}` });
        return await store.changes(after, limit);
      },
    });
    expect(await itemsOf(source)).toHaveLength(3);
    expect(asked).toBe(1);
  });
});

describe('a mark', () => {
  const ids = (items: readonly SourceItem[]) =>
    items.flatMap((item) =>
      item.kind === 'run' ? item.run.id : item.kind === 'deleted' ? `${item.id} gone` : [],
    );
  const idsOf = (from: number, to: number) =>
    makeRuns(to)
      .slice(from)
      .map(({ id }) => id);

  async function marksOf(source: RunSource): Promise<string[]> {
    const items: SourceItem[] = await Array.fromAsync(source.items());
    return items.flatMap((item) => (item.kind === 'mark' ? item.mark : []));
  }

  test('follows each page, and is gone on from, with what was changed before it since', async () => {
    const store = await filled(1_100);
    const source = await storeSource(store);
    const [, first = '', second = '', ...others] = await marksOf(source);
    expect(others).toHaveLength(2);
    await edit(store, { ...makeRun(3), branch: 'new' });
    await remove(store, makeRun(4).id);
    const late = [makeRun(3).id, `${makeRun(4).id} gone`];
    expect(ids(await itemsOf(source, { after: first }))).toEqual([...idsOf(500, 1_100), ...late]);
    expect(ids(await itemsOf(source, { after: second }))).toEqual([
      ...idsOf(1_000, 1_100),
      ...late,
    ]);
    expect(ids(await itemsOf(source, { after: others.at(-1) ?? '' }))).toEqual(late);
  });

  test('bounds what is read again: the runs before it, as they are now', async () => {
    const store = await filled(1_100);
    const source = await storeSource(store);
    const marks = await marksOf(source);
    await remove(store, makeRun(4).id);
    const left = (to: number) => idsOf(0, to).filter((id) => id !== makeRun(4).id);
    expect(ids(await itemsOf(source, { until: marks[0] ?? '' }))).toEqual([]);
    expect(ids(await itemsOf(source, { until: marks[1] ?? '' }))).toEqual(left(500));
    expect(ids(await itemsOf(source, { until: marks.at(-1) ?? '' }))).toEqual(left(1_100));
  });

  test('is known to the store that gave it, and to no other', async () => {
    const [one, other] = [await storeSource(await filled(1)), await storeSource(await filled(1))];
    const [mark = ''] = await marksOf(one);
    expect(await one.knows?.(mark)).toBe(true);
    expect(await other.knows?.(mark)).toBe(false);
    expect(await one.knows?.('a name')).toBe(false);
    await expect(itemsOf(one, { after: 'a name' })).rejects.toMatchObject({
      code: 'POSITION_UNKNOWN',
    });
  });
});

describe('there and back', () => {
  test('an edit on the other side comes back; then both agree', async () => {
    const here = await filled(3);
    const there = openMemoryStore();
    await copyRuns(await storeSource(here), there);
    await edit(there, { ...makeRun(1), branch: 'edited there' });
    expect(await copyRuns(await storeSource(there), here)).toMatchObject({
      written: 1,
      unchanged: 2,
    });
    expect(await copyRuns(await storeSource(here), there)).toMatchObject({
      written: 0,
      unchanged: 3,
    });
    expect((await runsOf(here)).map(content)).toEqual((await runsOf(there)).map(content));
  });

  test('edits on both sides meet as a conflict on either way', async () => {
    const here = await filled(3);
    const there = openMemoryStore();
    await copyRuns(await storeSource(here), there);
    await edit(there, { ...makeRun(1), branch: 'there' });
    await edit(here, { ...makeRun(1), branch: 'here' });
    const both = { written: 0, unchanged: 2, differences: [makeRun(1).id] };
    expect(await copyRuns(await storeSource(there), here)).toMatchObject(both);
    expect(await copyRuns(await storeSource(here), there)).toMatchObject(both);
  });
});

test('knows the past of a run, deletions included', async () => {
  const store = openMemoryStore();
  const [a, b, c] = [
    makeRun(1, { branch: 'a' }),
    makeRun(1, { branch: 'b' }),
    makeRun(1, { branch: 'c' }),
  ];
  await edit(store, a);
  await edit(store, b);
  await remove(store, a.id);
  await edit(store, c);
  const source = await storeSource(store);
  expect(await source.pastOf(a.id)).toEqual({ digests: [a, b, c].map(digestOf), isWhole: true });
  // Of a run that the ledger does not tell of, it may have forgotten what it was.
  expect(await source.pastOf(makeRun(2).id)).toEqual({ digests: [], isWhole: false });
});

function withDiff(run: AgentRun, diff: string): AgentRun {
  return { ...run, input: { ...run.input, diff } };
}

/** A run without what each store counts for itself. */
function content<T extends object>(run: T): Partial<T> {
  return { ...run, version: undefined, createdAt: undefined, updatedAt: undefined };
}

test('more changes than are read at once arrive while the source is read', async () => {
  const store = openMemoryStore();
  await editIn(store, makeRun(0));
  let isFirst = true;
  const source = await storeSource({
    ...store,
    async page(request) {
      const page = await store.page(request);
      if (isFirst)
        for (const run of makeRuns(1_001))
          await editIn(store, { ...run, startedAt: '2020-01-01T00:00:00.000Z', branch: 'new' });
      isFirst = false;
      return page;
    },
  });
  const target = openMemoryStore();
  await copyRuns(source, target);
  expect(await runsOf(target)).toHaveLength(1_001);
});
