import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scratchFolder as newScratch } from '../../src/cli/scratch-folder.ts';
import { makeRun, makeRuns } from '../../src/conformance/make-run.ts';
import { put } from '../../src/conformance/operations.ts';
import type { AgentRun } from '../../src/domain/run.ts';
import type { LedgerPosition } from '../../src/repository/position.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { checkSeals, openChain } from '../../src/services/backup/backup-chain.ts';
import type { BackupFile } from '../../src/services/backup/backup-file.ts';
import {
  backupFor,
  listBackups,
  newestOf,
  thinBackups,
} from '../../src/services/backup/backup-folder.ts';
import { chainReader } from '../../src/services/backup/backup-source.ts';
import { itemsBefore, laterThan } from '../../src/services/backup/former-runs.ts';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FORMATS, fileOf, heldBy, idsIn, restored, takeBackup } from './support/backups.ts';

async function save(store: RunStore, ...runs: AgentRun[]): Promise<void> {
  await store.write(
    runs.map((run) => put(run)),
    { atomic: true },
  );
}

async function remove(store: RunStore, { id }: AgentRun): Promise<void> {
  await store.write([{ kind: 'delete', id, expect: {} }], { atomic: true });
}

/** A folder with a full backup and two increments, and what each of them is to restore. */
async function chainOfThree() {
  const folder = temporaryFolder();
  const store = openMemoryStore();
  const expected: Map<string, string>[] = [];
  await save(store, ...makeRuns(5));
  const full = await takeBackup(store, folder, { format: 'json' });
  expected.push(await heldBy(store));
  await save(store, makeRun(1, { tags: ['a'] }), makeRun(7));
  await remove(store, makeRun(2));
  const second = await takeBackup(store, folder, { format: 'sqlite', since: full });
  expected.push(await heldBy(store));
  await save(store, makeRun(2, { tags: ['again'] }), makeRun(1));
  await remove(store, makeRun(7));
  const third = await takeBackup(store, folder, { since: second });
  expected.push(await heldBy(store));
  return { folder, store, backups: [full, second, third] as const, expected };
}

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
    const none = { runs: 0, steps: 0, deleted: 0, changes: 0, setAside: 0 };
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

test('thinning keeps the newest and what they build on, and touches nothing else', async () => {
  const { folder, store, backups } = await chainOfThree();
  const [full, second, third] = backups;
  const foreign = await takeBackup(openMemoryStore(), folder);
  fileOf(folder, 'letter.json', '{"version":1}');
  expect(await thinBackups(third, 1)).toEqual([]);
  const again = await takeBackup(store, folder, { name: 'full-again' });
  const next = await takeBackup(store, folder, { name: 'next', since: again });
  expect(await thinBackups(next, 3)).toEqual([]);
  expect(await thinBackups(next, 2)).toEqual([full, second, third].map(({ name }) => name));
  expect(await thinBackups(next, 1)).toEqual([]);
  const left = [again.name, next.name, foreign.name, 'letter.json'];
  expect(readdirSync(folder).sort()).toEqual(left.sort());
  expect(await newestOf(folder, next.manifest.storeId)).toEqual(next);
});

describe('clocks that differ', () => {
  /** Backups of one store, each after another run, by machines whose clocks say these times. */
  async function takenAt(...times: string[]) {
    const folder = temporaryFolder();
    const store = openMemoryStore({ now: () => Date.parse('2026-03-01T00:00:00.000Z') });
    const backups: BackupFile[] = [];
    for (const [at, time] of times.entries()) {
      await save(store, makeRun(at));
      const isFull = at === 0 || at === 3;
      const since = isFull ? null : (backups.at(-1) ?? null);
      const name = `runledger-${at}`;
      backups.push(await takeBackup(store, folder, { name, since, now: () => Date.parse(time) }));
    }
    return { folder, backups, store };
  }

  test('the newest is the one that is furthest in the ledger, and is never let go of', async () => {
    const times = ['2026-03-02', '2026-03-09', '2026-03-03', '2026-03-02', '2026-03-01'];
    const { folder, backups, store } = await takenAt(...times);
    const [zeroth, first, second, third, fourth] = backups.map(({ name }) => name);
    const order = (await listBackups(folder)).map(({ name }) => name);
    expect(order).toEqual([zeroth, first, second, third, fourth]);
    const newest = backups[4] as BackupFile;
    expect(await newestOf(folder, newest.manifest.storeId)).toEqual(newest);
    expect((await backupFor(folder, undefined)).name).toBe(fourth);
    // The chain of the fourth goes back over times that say the other way round.
    expect(await thinBackups(newest, 1)).toEqual([zeroth, first, second]);
    expect(await restored(newest.path)).toEqual(await heldBy(store));
  });

  test('the one that was just made stays, whatever the times say', async () => {
    const { folder, backups, store } = await takenAt('2026-03-09', '2026-03-08');
    // As a store that was copied back is: only times can be compared.
    const { epoch } = await store.position();
    const here = (after: LedgerPosition | null) => after && { ...after, epoch };
    const copiedBack: RunStore = {
      ...store,
      position: async (options) => ({ ...(await store.position(options)), epoch: 'another' }),
      changes: (after, ...rest) => store.changes(here(after), ...rest),
      pastChanges: (after, ...rest) => store.pastChanges(here(after), ...rest),
    };
    const now = () => Date.parse('2026-03-07');
    const made = await takeBackup(copiedBack, folder, { now });
    const order = [made, ...backups].map(({ name }) => name);
    expect((await listBackups(folder)).map(({ name }) => name)).toEqual(order);
    expect(await thinBackups(made, 1)).toEqual([]);
  });

  test('one that was ahead is not taken for a time that it may not reach', async () => {
    const { folder, backups } = await takenAt('2026-03-02', '2026-03-09', '2026-03-04');
    const at = (time: string) => backupFor(folder, time);
    expect((await at('2026-03-03T00:00:00.000Z')).name).toBe(backups[2]?.name);
    await expect(at('2026-03-05T00:00:00.000Z')).rejects.toMatchObject({ code: 'MISSING' });
  });
});

test('one that has the name of a backup and cannot be read is not passed over', async () => {
  const { folder, backups } = await chainOfThree();
  const cut = readFileSync(backups[2].path).subarray(0, 50);
  fileOf(folder, 'letter.ndjson.zst', cut);
  expect(await listBackups(folder)).toHaveLength(3);
  fileOf(folder, 'runledger-20261005T192417741Z.ndjson.zst', cut);
  await expect(listBackups(folder)).rejects.toMatchObject({ code: 'CORRUPT' });
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
