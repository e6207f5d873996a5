import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { AgentRun } from '../src/domain/run.ts';
import type { RunStore } from '../src/repository/run-store.ts';
import { storeSource } from '../src/repository/store-source.ts';
import type { CopyOptions } from '../src/services/copy/copy-report.ts';
import { copyRuns } from '../src/services/copy/copy-runs.ts';
import { openFileStore } from '../src/stores/file/open-file-store.ts';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.ts';
import { BareLoop } from './bare-loop.ts';
import { type Benchmark, compared, type Finding } from './benchmark.ts';
import { collectGarbage, compare, timed } from './harness.ts';
import { type CopiedRows, readRows } from './postgres/bare-copy.ts';
import { BenchServer } from './postgres/bench-server.ts';
import { FreshSchemas } from './postgres/fresh-schemas.ts';
import { sampleRuns } from './sample-runs.ts';
import { makeDatabase } from './sample-store.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { readRunRows } from './table-rows.ts';

const FULL = 'migrate, every run verified';
const NONE = 'migrate --verify none';
/** The least that a load can do has no search index; a migration ends by bringing it up to date. */
const UNINDEXED = 'the same without the search index';
const BARE = 'bare load';
const BATCH = 500;

/** A kind of target: how an empty one is filled by a copy, and by the least that this can cost. */
interface Target {
  name: string;
  copy(source: RunStore, options: CopyOptions, isIndexed?: boolean): Promise<number>;
  bare(): Promise<number>;
}

/** A migration from SQLite into each kind of store, against a bare load of it and against no proof. */
export const migration: Benchmark = {
  name: 'migration',
  about: 'a migration of 10,000 runs, verified, against a bare load of the target and against none',
  async run({ isQuick, progress }) {
    const count = isQuick ? 1000 : 10_000;
    const rounds = isQuick ? 2 : 7;
    using folder = new ScratchFolder();
    await using server = await BenchServer.start();
    const client = await server.connect();
    const runs = [...sampleRuns(count)];
    progress(`saving ${count} runs`);
    const filled = folder.newFile();
    await makeDatabase(filled, runs);
    const source = await openSqliteStore({ path: filled });
    const findings: Finding[] = [];
    const targets = [
      await sqliteTarget(folder, filled, runs),
      fileTarget(folder, runs),
      await postgresTarget(server, client, runs),
    ];
    for (const { name, copy, bare } of targets) {
      progress(`migrating ${count} runs to ${name}, ${rounds} rounds`);
      const contestants = [
        { name: FULL, round: () => copy(source, {}) },
        { name: NONE, round: () => copy(source, { verify: 'none' }) },
        { name: UNINDEXED, round: () => copy(source, {}, false) },
        { name: BARE, round: bare },
      ];
      const times = await compare(contestants, { rounds, warmUps: 1 });
      for (const [one, other, atLeast] of [
        [FULL, BARE, 0.25],
        [UNINDEXED, BARE, 0.25],
        [FULL, NONE, 0.5],
      ] as const) {
        findings.push(
          compared(times, {
            what: `migrating to ${name}`,
            of: [one, other],
            measure: 'speed',
            target: { atLeast },
            perRound: count,
          }),
        );
      }
    }
    await source.close();
    await client.end();
    return findings;
  },
};

async function timedCopy(
  source: RunStore,
  target: RunStore,
  options: CopyOptions,
  isIndexed: boolean,
): Promise<number> {
  const filled = isIndexed ? target : { ...target, catchUpSearch: async () => 0 };
  collectGarbage();
  const ms = await timed(async () => copyRuns(await storeSource(source), filled, options));
  await target.close();
  return ms;
}

async function sqliteTarget(
  folder: ScratchFolder,
  filled: string,
  runs: readonly AgentRun[],
): Promise<Target> {
  const rows = readRunRows(
    filled,
    runs.map(({ id }) => id),
  );
  return {
    name: 'SQLite',
    async copy(source, options, isIndexed = true) {
      const path = folder.newFile();
      const ms = await timedCopy(source, await openSqliteStore({ path }), options, isIndexed);
      folder.remove(path);
      return ms;
    },
    async bare() {
      const path = folder.newFile();
      await makeDatabase(path);
      const loop = new BareLoop(path, rows);
      collectGarbage();
      const ms = await timed(() => loop.saveAll());
      loop.close();
      folder.remove(path);
      return ms;
    },
  };
}

function fileTarget(folder: ScratchFolder, runs: readonly AgentRun[]): Target {
  const texts = runs.map((run) => [`${run.id}.json`, JSON.stringify(run, null, 2)] as const);
  return {
    name: 'files',
    async copy(source, options, isIndexed = true) {
      const path = folder.newFolder();
      const ms = await timedCopy(source, await openFileStore({ path }), options, isIndexed);
      rmSync(path, { recursive: true });
      return ms;
    },
    async bare() {
      const path = folder.newFolder();
      collectGarbage();
      const ms = await timed(() => {
        for (const [name, text] of texts) writeSafely(path, name, text);
        syncFolder(path);
      });
      rmSync(path, { recursive: true });
      return ms;
    },
  };
}

/** The least that makes one file safe: written beside its place, synchronised, renamed. */
function writeSafely(folder: string, name: string, text: string): void {
  const temporary = join(folder, `${name}.tmp`);
  const file = openSync(temporary, 'wx');
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(folder, name));
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

async function postgresTarget(
  server: BenchServer,
  client: pg.Client,
  runs: readonly AgentRun[],
): Promise<Target> {
  const filled = await server.open('filled');
  await filled.saveMany(runs);
  await filled.close();
  const batches: CopiedRows[] = [];
  for (let first = 0; first < runs.length; first += BATCH) {
    const ids = runs.slice(first, first + BATCH).map(({ id }) => id);
    batches.push(await readRows(client, 'filled', ids));
  }
  const schemas = new FreshSchemas(server, client);
  return {
    name: 'PostgreSQL',
    async copy(source, options, isIndexed = true) {
      const schema = await schemas.make();
      const ms = await timedCopy(source, await server.openStore(schema), options, isIndexed);
      await schemas.drop(schema);
      return ms;
    },
    bare: () => schemas.load(batches),
  };
}
