import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { digestOf } from '../../src/domain/canonical.ts';
import type { StoredRun } from '../../src/domain/run.ts';
import { parseTextQuery } from '../../src/domain/text/text-query.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { storeSource } from '../../src/repository/store-source.ts';
import type { CopyReport } from '../../src/services/copy/copy-report.ts';
import { copyRuns } from '../../src/services/copy/copy-runs.ts';
import { openRunFolder } from '../../src/stores/file/run-folder.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { openSqliteStore } from '../../src/stores/sqlite/open-sqlite-store.ts';
import { edit, runsOf } from '../support/list-source.ts';
import { CLAUDE_RUNS, corpusTest, HAS_CORPUS } from './corpus-test.ts';
import { naiveFigures, naiveRuns, naiveSearch } from './naive-reading.ts';

let folder: string;
/** File to SQLite, to memory, to another SQLite file. */
let stores: [first: RunStore, memory: RunStore, last: RunStore];
let reports: CopyReport[];

beforeAll(async () => {
  if (!HAS_CORPUS) return;
  folder = mkdtempSync(join(tmpdir(), 'runledger-corpus-'));
  stores = [
    await openSqliteStore({ path: join(folder, 'first.db') }),
    openMemoryStore(),
    await openSqliteStore({ path: join(folder, 'last.db') }),
  ];
  const [first, memory, last] = stores;
  reports = [
    await copyRuns(await openRunFolder(CLAUDE_RUNS), first),
    await copyRuns(await storeSource(first), memory),
    await copyRuns(await storeSource(memory), last),
  ];
});

afterAll(async () => {
  if (!HAS_CORPUS) return;
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the corpus, from files to SQLite, to memory, to SQLite', () => {
  corpusTest('263 runs arrive in each store and are verified', async () => {
    for (const report of reports) {
      expect(report).toMatchObject({ read: 263, written: 263, unchanged: 0, verified: 263 });
      expect(report.differences).toEqual([]);
    }
    for (const store of stores) expect(await runsOf(store)).toHaveLength(263);
  });

  corpusTest('eleven are put aside, each with its reason, and kept byte for byte', async () => {
    const [{ setAside } = { setAside: [] }] = reports;
    const kinds = [
      ...[/JSON is cut off/, /cut off inside a character/, /is empty/, /NUL bytes/],
      ...[/it must be an object, not an array/, /id is missing/, /other text behind it/],
      ...[/a folder, not a file/, /left over from a write/, /holds run .* as well/],
      /duration must be a whole number, not a string/,
    ];
    expect(setAside).toHaveLength(11);
    for (const kind of kinds) {
      expect(setAside.filter(({ reason }) => kind.test(reason))).toHaveLength(1);
    }
    const kept = await stores[0].quarantined(`file:${CLAUDE_RUNS}`);
    expect(kept.map(({ name }) => name).sort()).toEqual(
      setAside.map(({ source }) => source).sort(),
    );
    for (const { name, bytes } of kept) {
      const path = join(CLAUDE_RUNS, name);
      if (statSync(path).isDirectory()) expect(bytes).toBeNull();
      else expect(bytes && readFileSync(path).equals(bytes)).toBe(true);
    }
  });

  corpusTest('every run has the digest that it had in its file', async () => {
    const digests = new Map<string, string>();
    for await (const item of (await openRunFolder(CLAUDE_RUNS)).items()) {
      if (item.kind === 'run') digests.set(item.run.id, item.digest);
    }
    for (const store of stores) {
      const found = (await runsOf(store)).map((run) => [run.id, digestOf(run)] as const);
      expect(new Map(found)).toEqual(digests);
    }
  });

  corpusTest('every run is at the end what its file says, field by field', async () => {
    const last = new Map((await runsOf(stores[2])).map((run) => [run.id, withoutStamps(run)]));
    const naive = naiveRuns(CLAUDE_RUNS);
    expect(last.size).toBe(naive.length);
    for (const run of naive) expect(last.get(run.id)).toEqual(run);
  });

  corpusTest('counts, averages, p95 and success rates are those of the files', async () => {
    const figures = naiveFigures(naiveRuns(CLAUDE_RUNS));
    for (const store of stores) {
      const statistics = await store.statistics({});
      expect(statistics).toMatchObject(figures.counts);
      expect(statistics.averageDuration).toBeCloseTo(figures.averageDuration, 6);
      expect(statistics.p95Duration).toBeCloseTo(figures.p95Duration, 6);
      const byRepository = statistics.byRepository.map(
        ({ repository, totalRuns, averageDuration, p95Duration, lastRunAt }) => [
          repository,
          [totalRuns, lastRunAt, averageDuration?.toFixed(6), p95Duration?.toFixed(6)],
        ],
      );
      expect(Object.fromEntries(byRepository)).toEqual(figures.byRepository);
    }
  });

  corpusTest('searches find the runs that hold the words, newest first', async () => {
    const searches = { ECONNRESET: 6, changelog: 14, 'middleware hono': 19 };
    for (const [query, count] of Object.entries(searches)) {
      const ids = naiveSearch(naiveRuns(CLAUDE_RUNS), query);
      expect(ids).toHaveLength(count);
      for (const store of stores) {
        const page = { filter: {}, order: 'newest', after: null, limit: 1_000 } as const;
        const found = await store.searchText({ ...page, query: parseTextQuery(query) });
        expect(found.places.map(({ id }) => id)).toEqual(ids);
        expect(found.behind).toBe(0);
      }
    }
  });

  corpusTest('a second copy changes nothing', async () => {
    const sources = [
      await openRunFolder(CLAUDE_RUNS),
      await storeSource(stores[0]),
      await storeSource(stores[1]),
    ];
    for (const [index, store] of stores.entries()) {
      const before = await store.position();
      const source = sources[index];
      if (source === undefined) continue;
      const again = { read: 263, written: 0, unchanged: 263, verified: 263, differences: [] };
      expect(await copyRuns(source, store)).toMatchObject(again);
      expect(await store.position()).toEqual(before);
    }
  });
});

corpusTest(
  'a file that changed is taken over, a run that was edited is not overwritten',
  async () => {
    const runs = join(folder, 'runs');
    cpSync(CLAUDE_RUNS, runs, { recursive: true });
    const good = new Set(naiveRuns(runs).map(({ id }) => `${id}.json`));
    const named = readdirSync(runs).filter((name) => good.has(name));
    const [changed = '', edited = '', both = ''] = named;
    const store = await openSqliteStore({ path: join(folder, 'edits.db') });
    try {
      await copyRuns(await openRunFolder(runs), store);
      for (const name of [edited, both]) {
        const id = name.replace('.json', '');
        const run = (await store.read([id])).get(id);
        if (run) await edit(store, { ...run, branch: 'edited here' });
      }
      for (const name of [changed, both]) {
        const run = JSON.parse(readFileSync(join(runs, name), 'utf8'));
        writeFileSync(join(runs, name), JSON.stringify({ ...run, branch: 'changed in the file' }));
      }
      const report = await copyRuns(await openRunFolder(runs), store);
      expect(report).toMatchObject({ read: 263, written: 1, unchanged: 261 });
      expect(report.differences).toEqual([both.replace('.json', '')]);
      const ids = [changed, edited, both].map((name) => name.replace('.json', ''));
      const found = await store.read(ids);
      const branches = ids.map((id) => found.get(id)?.branch);
      expect(branches).toEqual(['changed in the file', 'edited here', 'edited here']);
    } finally {
      await store.close();
    }
  },
);

function withoutStamps({ version: _, createdAt: __, updatedAt: ___, ...run }: StoredRun) {
  return run;
}
