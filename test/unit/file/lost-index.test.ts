import {
  closeSync,
  copyFileSync,
  cpSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { searchAll } from '../../../src/conformance/search-all.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import type { StoredRun } from '../../../src/domain/run.ts';
import type { RunRepository } from '../../../src/repository/run-repository.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { type OpenFolder, openFolder } from './support/file-store.ts';

const RUNS = 60;
const INDEX = join('.runledger', 'index.db');

/** A folder with runs of several versions, and everything that its store says of them. */
async function filledFolder(): Promise<{ folder: string; runs: StoredRun[]; position: string }> {
  const folder = folderInMemory();
  const { repository } = await openFolder({ path: folder });
  await repository.saveMany(makeRuns(RUNS));
  await repository.saveMany(makeRuns(10).map((run) => ({ ...run, tags: ['changed'] })));
  const runs = await Array.fromAsync(repository.stream());
  const changes = await Array.fromAsync(repository.changes());
  await repository.close();
  return { folder, runs, position: changes.at(-1)?.position ?? '' };
}

/** Everything is as it was, versions and times too; of the past only that it is another ledger. */
async function expectSame(
  opened: OpenFolder,
  { runs, position }: { runs: unknown; position: string },
): Promise<void> {
  const { repository } = opened;
  expect(await Array.fromAsync(repository.stream())).toEqual(runs);
  expect((await repository.list({ tag: 'changed' })).items).toHaveLength(10);
  expect(await searchAll(opened, 'prompt')).toHaveLength(RUNS);
  await expect(Array.fromAsync(repository.changes({ after: position }))).rejects.toMatchObject({
    code: 'POSITION_UNKNOWN',
  });
  expect(await Array.fromAsync(repository.changes())).toHaveLength(RUNS);
  await repository.save(makeRun(0, { branch: 'goes on' }));
  expect(await repository.findById(idOf(0))).toMatchObject({ version: 3 });
}

/** Overwrites the first page of a table or an index of a closed store; opening it does not look there. */
async function damage(folder: string, table: string): Promise<void> {
  const path = join(folder, INDEX);
  const { repository } = await openFolder({ path: folder });
  using direct = new DatabaseSync(path);
  direct.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const page = direct
    .prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .get(table)?.rootpage;
  await repository.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, (Number(page) - 1) * 4096);
  closeSync(file);
}

/** Ways to lose an index, each while nobody has the folder open. */
const LOSSES: Record<string, (folder: string) => void> = {
  'is gone with all that is ours': (folder) =>
    rmSync(join(folder, '.runledger'), { recursive: true }),
  'is gone alone': (folder) => rmSync(join(folder, INDEX)),
  'is no database': (folder) => writeFileSync(join(folder, INDEX), 'no database '.repeat(1_000)),
  'is cut off': (folder) => truncateSync(join(folder, INDEX), 20_000),
  'is empty': (folder) => truncateSync(join(folder, INDEX), 0),
};

describe('an index that', () => {
  test.for(Object.keys(LOSSES))('%s is made anew from the files', async (loss) => {
    const filled = await filledFolder();
    LOSSES[loss]?.(filled.folder);
    await expectSame(await openFolder({ path: filled.folder }), filled);
  });

  test.for([
    ['a list', 'agent_runs_by_time', (runs: RunRepository) => runs.list()],
    [
      'a transaction',
      'agent_inputs',
      (runs: RunRepository) =>
        runs.transaction((inside) => inside.save(makeRun(1, { branch: 'z' }))),
    ],
  ] as const)(
    'turns out to be damaged in %s is told with what to do, kept, and made anew',
    async ([, table, call]) => {
      const filled = await filledFolder();
      const { folder } = filled;
      await damage(folder, table);
      const opened = await openFolder({ path: folder });
      await expect(call(opened.repository)).rejects.toMatchObject({
        code: 'CORRUPT',
        hint: expect.stringMatching(/Open the store again/),
      });
      await opened.repository.close();
      const kept = readdirSync(join(folder, '.runledger')).filter((name) => /^damaged-/.test(name));
      expect(kept.length).toBeGreaterThan(0);
      await expectSame(await openFolder({ path: folder }), filled);
    },
  );

  test('was deleted under an open store: nothing is written into what is gone', async () => {
    const { folder } = await filledFolder();
    const { repository } = await openFolder({ path: folder });
    rmSync(join(folder, '.runledger'), { recursive: true });
    const save = repository.save(makeRun(1, { branch: 'lost?' }));
    await expect(save).rejects.toMatchObject({ code: 'STORE_FAILED', hint: /again/ });
    await repository.close();
    const again = await openFolder({ path: folder });
    await again.repository.save(makeRun(1, { branch: 'kept' }));
    expect(await again.repository.findById(idOf(1))).toMatchObject({ branch: 'kept' });
  });
});

describe('a folder that was copied elsewhere', () => {
  test('opens there with the same runs and versions, in a new epoch', async () => {
    const { folder, runs, position } = await filledFolder();
    const copy = join(folderInMemory(), 'copy');
    cpSync(folder, copy, { recursive: true });
    const { repository, store } = await openFolder({ path: copy });
    expect(await Array.fromAsync(repository.stream())).toEqual(runs);
    const after = Array.fromAsync(repository.changes({ after: position }));
    await expect(after).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
    // The past comes along: it is the same files that were copied.
    expect(await store.history(idOf(0))).toHaveLength(2);
    expect(await Array.fromAsync(repository.changes())).toHaveLength(RUNS + 10);
  });

  test('with an index of two moments: what it has otherwise than the files is mended', async () => {
    const { folder, runs } = await filledFolder();
    const copy = join(folderInMemory(), 'copy');
    cpSync(folder, copy, { recursive: true });
    using index = new DatabaseSync(join(copy, INDEX));
    index.prepare('UPDATE agent_inputs SET prompt = ? WHERE run_id = ?').run('torn', idOf(3));
    index.prepare('UPDATE agent_runs SET branch = ? WHERE id = ?').run('torn', idOf(4));
    const opened = await openFolder({ path: copy });
    const { repository, store } = opened;
    expect((await repository.list({ branch: 'torn' })).items).toEqual([]);
    const inside = repository.transaction((access) => access.findById(idOf(3)));
    expect((await inside)?.input.prompt).toBe('prompt number 3');
    expect(await searchAll(opened, 'prompt')).toHaveLength(RUNS);
    expect((await Array.fromAsync(repository.stream())).map(digestOf)).toEqual(runs.map(digestOf));
    expect(await store.history(idOf(5))).toHaveLength(2);
  });

  test('without what is ours opens there too, as any folder of run files', async () => {
    const { folder, runs } = await filledFolder();
    const copy = folderInMemory();
    for (const name of readdirSync(folder)) {
      if (name !== '.runledger') copyFileSync(join(folder, name), join(copy, name));
    }
    const { repository } = await openFolder({ path: copy });
    expect(await Array.fromAsync(repository.stream())).toEqual(runs);
  });

  test('while it was being written opens there with every run whole', async () => {
    const folder = folderInMemory();
    const copy = join(folderInMemory(), 'copy');
    const { repository } = await openFolder({ path: folder });
    await repository.saveMany(makeRuns(RUNS));
    const writing = repository.saveMany(makeRuns(RUNS).map((run) => ({ ...run, branch: 'b' })));
    cpSync(folder, copy, { recursive: true });
    await writing;
    const { repository: opened } = await openFolder({ path: copy });
    const branches = (await Array.fromAsync(opened.stream())).map(({ branch }) => branch);
    expect(branches).toHaveLength(RUNS);
  });
});

describe('a damaged index that', () => {
  const corrupt = { code: 'CORRUPT' };

  async function damagedFolder(): Promise<string> {
    const { folder } = await filledFolder();
    await damage(folder, 'agent_runs_by_time');
    return folder;
  }

  test('was made anew since is not put aside by who has the damaged one open', async () => {
    const folder = await damagedFolder();
    const [one, other] = [await openFolder({ path: folder }), await openFolder({ path: folder })];
    await expect(one.repository.list()).rejects.toMatchObject(corrupt);
    const anew = await openFolder({ path: folder });
    const { ino } = statSync(join(folder, '.runledger', 'index.db'));
    await expect(other.repository.list()).rejects.toMatchObject(corrupt);
    expect(statSync(join(folder, '.runledger', 'index.db')).ino).toBe(ino);
    expect((await anew.repository.list({}, { limit: 1 })).items).toHaveLength(1);
  });

  test('is put aside is kept with its log', async () => {
    const folder = await damagedFolder();
    const { repository } = await openFolder({ path: folder });
    await expect(repository.list()).rejects.toMatchObject(corrupt);
    const names = readdirSync(join(folder, '.runledger'));
    expect(
      names
        .filter((name) => name.startsWith('damaged-'))
        .map((name) => name.replace(/.*db/, ''))
        .sort(),
    ).toEqual(['', '-shm', '-wal']);
    expect(names).not.toContain('index.db-wal');
  });
});
