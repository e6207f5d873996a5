import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scratchFolder as newScratch } from '../../src/cli/scratch-folder.ts';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { checkSeals, openChain } from '../../src/services/backup/backup-chain.ts';
import { chainReader } from '../../src/services/backup/backup-source.ts';
import { itemsBefore, laterThan } from '../../src/services/backup/former-runs.ts';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FORMATS, fileOf, heldBy, idsIn, restored, takeBackup } from './support/backups.ts';
import { chainOfThree, remove, save } from './support/chains.ts';

test('an increment carries what changed, and restores with what it builds on', async () => {
  const { backups, expected } = await chainOfThree();
  const [full, second, third] = backups;
  expect(second.manifest).toMatchObject({ kind: 'increment', base: { name: full.name } });
  expect((await idsIn(second)).sort()).toEqual([1, 2, 7].map((one) => makeRun(one).id));
  expect(third.manifest.counts).toMatchObject({ runs: 2, deleted: 1, changes: 3 });
  for (const [at, { path }] of backups.entries())
    expect(await restored(path)).toEqual(expected[at]);
});

test.each(FORMATS)('an increment on nothing new is empty, in %s', async (format) => {
  const folder = temporaryFolder();
  const store = openMemoryStore();
  for (const runs of [[], makeRuns(2)]) {
    await save(store, ...runs);
    const full = await takeBackup(store, folder, { format });
    const empty = await takeBackup(store, folder, { format, since: full });
    const none = { runs: 0, steps: 0, deleted: 0, changes: 0, setAside: 0, files: 0 };
    expect(empty.manifest.counts).toEqual(none);
    expect(await restored(empty.path)).toEqual(await heldBy(store));
  }
});

test('what it builds on is looked for beside it, and must be that very backup', async () => {
  const { folder, store, backups } = await chainOfThree();
  const [full, second, third] = backups;
  const kept = readFileSync(full.path);
  rmSync(full.path);
  await expect(openChain(third.path)).rejects.toMatchObject({
    code: 'MISSING',
    message: expect.stringContaining(full.name),
  });
  // Another backup of the same store under its name.
  const other = await takeBackup(store, temporaryFolder(), { format: 'json' });
  cpSync(other.path, full.path);
  await expect(openChain(third.path)).rejects.toMatchObject({ code: 'CORRUPT' });
  const { problems, bases } = await verifyBackup(third.path, { newScratch });
  expect(problems).toMatchObject([{ reason: expect.stringContaining(full.name) }]);
  expect(bases).toEqual([]);
  // The same one, with a byte that is another.
  kept[kept.length >> 1] = (kept[kept.length >> 1] ?? 0) ^ 1;
  fileOf(folder, full.name, kept);
  const chain = await openChain(second.path);
  await expect(checkSeals(chain, {})).rejects.toMatchObject({ code: 'CORRUPT' });
  const verdict = await verifyBackup(second.path, { newScratch });
  expect(verdict.problems.map(({ name }) => name)).toEqual([full.name]);
});

test('what is told while it is made and verified is what is done', async () => {
  const store = openMemoryStore();
  await save(store, ...makeRuns(3));
  const told: string[] = [];
  const tell = (what: string, done: number, total: number | null) => {
    told.push(`${what} ${done} of ${total}`);
  };
  const { path, manifest } = await takeBackup(store, temporaryFolder(), { onProgress: tell });
  const runs = ['runs 1 of 3', 'runs 2 of 3', 'runs 3 of 3'];
  expect(told).toEqual([...runs, ...[1, 2, 3].map((one) => `changes ${one} of null`)]);
  told.length = 0;
  await verifyBackup(path, { newScratch, onProgress: tell });
  expect(told.slice(-4, -3)).toEqual([expect.stringMatching(/^bytes (\d+) of \1$/)]);
  expect(told.slice(-3)).toEqual(runs);
  expect(manifest.counts.changes).toBe(3);
});

test('a base that is not of this ledger is refused before anything is written', async () => {
  const folder = temporaryFolder();
  const [one, other] = [openMemoryStore(), openMemoryStore()];
  const since = await takeBackup(one, folder);
  const refused = takeBackup(other, temporaryFolder(), { since });
  await expect(refused).rejects.toMatchObject({
    code: 'POSITION_UNKNOWN',
    hint: expect.stringContaining('full'),
  });
});

test('what was changed is put on disk in parts, however much it is', async () => {
  const folder = temporaryFolder();
  let time = Date.parse('2026-03-01T12:00:00.000Z');
  const now = () => time;
  const store = openMemoryStore({ now });
  await save(store, ...makeRuns(20));
  const [full, before] = [await takeBackup(store, folder, { now }), await heldBy(store)];
  const at = new Date(time).toISOString();
  time += 1000;
  for (const run of makeRuns(15)) await save(store, { ...run, tags: ['later'] });
  await remove(store, makeRun(3));
  await save(store, makeRun(30));
  time += 1000;
  const { path } = await takeBackup(store, folder, { now, since: full });
  const chain = await openChain(path);
  const read = await chainReader(chain, newScratch, false)();
  const later = await laterThan(chain, at, read);
  const parts = temporaryFolder();
  const items = await Array.fromAsync(itemsBefore(later, read, parts, 4));
  expect(readdirSync(parts)).toHaveLength(4);
  const found = items.flatMap((item) => (item.kind === 'run' ? [[item.run.id, item.digest]] : []));
  const wanted = [...before].map(([id, state]) => [id, state.split(' ')[1]]);
  expect(found.sort()).toEqual(wanted.sort());
  expect(await restored(path, at)).toEqual(before);
});

test.each(['full', 'increment'] as const)(
  'a run that is changed after it was given is in a %s backup once',
  async (kind) => {
    const folder = temporaryFolder();
    const store = openMemoryStore();
    await save(store, ...makeRuns(1_200));
    const full = await takeBackup(store, folder);
    await save(store, ...makeRuns(1_200, { branch: 'changed' }));
    const before = await heldBy(store);
    let reads = 0;
    const meddled: RunStore = {
      ...store,
      async page(request) {
        reads += 1;
        if (reads === 2) await save(store, makeRun(3, { branch: 'again' }));
        return await store.page(request);
      },
      async read(...given) {
        reads += 1;
        if (reads === 4) await save(store, makeRun(0, { branch: 'again' }));
        return await store.read(...given);
      },
    };
    const taken = await takeBackup(meddled, folder, { since: kind === 'full' ? null : full });
    const ids = await idsIn(taken);
    expect(ids).toHaveLength(1_200);
    expect(new Set(ids).size).toBe(1_200);
    expect(await restored(taken.path)).toEqual(before);
  },
);
