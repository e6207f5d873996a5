import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNewFile } from '../../src/cli/output/new-file.ts';
import { makeRun } from '../../src/conformance/make-run.ts';
import type { LedgerPosition } from '../../src/repository/position.ts';
import type { RunStore } from '../../src/repository/run-store.ts';
import { type BackupFile, openBackup } from '../../src/services/backup/backup-file.ts';
import { listBackups } from '../../src/services/backup/backup-folder.ts';
import { chooseBackup, chooseBase, newestPath } from '../../src/services/backup/choose-backup.ts';
import { thinBackups } from '../../src/services/backup/thin-backups.ts';
import { openMemoryStore } from '../../src/stores/memory/memory-run-store.ts';
import { asOrdinaryUser } from '../support/run-folder-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fileOf, heldBy, restored, takeBackup } from './support/backups.ts';
import { chainOfThree, save } from './support/chains.ts';

/** Thins the folder of a backup. */
async function thin(backup: BackupFile, keep: number) {
  return await thinBackups(await listBackups(dirname(backup.path)), backup, keep);
}

/** The names of those that thinning lets go of. */
async function removedOf(backup: BackupFile, keep: number): Promise<string[]> {
  return (await thin(backup, keep)).removed;
}

/** The one that is restored. */
async function chosen(folder: string, at?: string): Promise<BackupFile> {
  const { chain } = await chooseBackup(folder, at, {});
  return chain.at(-1) as BackupFile;
}

test('thinning keeps the newest and what they build on, and touches nothing else', async () => {
  const { folder, store, backups } = await chainOfThree();
  const [full, second, third] = backups;
  const foreign = await takeBackup(openMemoryStore(), folder);
  fileOf(folder, 'letter.json', '{"version":1}');
  expect(await removedOf(third, 1)).toEqual([]);
  const again = await takeBackup(store, folder);
  const next = await takeBackup(store, folder, { since: again });
  expect(await removedOf(next, 3)).toEqual([]);
  expect(await removedOf(next, 2)).toEqual([full, second, third].map(({ name }) => name));
  expect(await removedOf(next, 1)).toEqual([]);
  const left = [again.name, next.name, foreign.name, 'letter.json'];
  expect(readdirSync(folder).sort()).toEqual(left.sort());
  expect((await chooseBase(folder, await store.position(), {})).base).toEqual(next);
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
      backups.push(await takeBackup(store, folder, { since, now: () => Date.parse(time) }));
    }
    return { folder, backups, store };
  }

  test('the newest is the one that is furthest in the ledger, and is never let go of', async () => {
    const times = ['2026-03-02', '2026-03-09', '2026-03-03', '2026-03-02', '2026-03-01'];
    const { folder, backups, store } = await takenAt(...times);
    const [zeroth, first, second, third, fourth] = backups.map(({ name }) => name);
    const order = (await listBackups(folder)).backups.map(({ name }) => name);
    expect(order).toEqual([zeroth, first, second, third, fourth]);
    const newest = backups[4] as BackupFile;
    expect((await chooseBase(folder, await store.position(), {})).base).toEqual(newest);
    expect((await chosen(folder)).name).toBe(fourth);
    // The chain of the fourth goes back over times that say the other way round.
    expect(await removedOf(newest, 1)).toEqual([zeroth, first, second]);
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
    expect((await listBackups(folder)).backups.map(({ name }) => name)).toEqual(order);
    expect(await removedOf(made, 1)).toEqual([]);
  });

  test('one that was ahead is not taken for a time that it may not reach', async () => {
    const { folder, backups } = await takenAt('2026-03-02', '2026-03-09', '2026-03-04');
    const at = (time: string) => chosen(folder, time);
    expect((await at('2026-03-03T00:00:00.000Z')).name).toBe(backups[2]?.name);
    await expect(at('2026-03-05T00:00:00.000Z')).rejects.toMatchObject({ code: 'MISSING' });
  });
});

test('what people named themselves stays, and does not count', async () => {
  const { folder, store, backups } = await chainOfThree();
  const [full, , third] = backups;
  const named = await takeBackup(store, folder, { name: 'before-upgrade', since: third });
  const other = await takeBackup(store, folder);
  const next = await takeBackup(store, folder);
  // What it builds on is needed with it.
  expect(await removedOf(next, 1)).toEqual([other.name]);
  rmSync(named.path);
  expect(await removedOf(next, 1)).toContain(full.name);
});

describe('one that is damaged', () => {
  /** Cuts one off, or changes a byte of it. */
  function damage({ path, bytes }: BackupFile, how: 'cut' | 'flip'): void {
    const all = readFileSync(path);
    all[100] = (all[100] ?? 0) ^ 1;
    writeFileSync(path, how === 'cut' ? all.subarray(0, bytes - 10) : all);
  }

  test.each(['cut', 'flip'] as const)('%s: the newest that is whole is taken', async (how) => {
    const { folder, store, backups } = await chainOfThree();
    const [, second, third] = backups;
    damage(third, how);
    const { chain, passedOver } = await chooseBackup(folder, undefined, {});
    expect(chain.map(({ name }) => name)).toEqual(backups.slice(0, 2).map(({ name }) => name));
    const reason = expect.stringMatching(/is damaged: its bytes|cut off/);
    expect(passedOver).toMatchObject([{ name: third.name, error: { message: reason } }]);
    const { base, passedOver: others } = await chooseBase(folder, await store.position(), {});
    expect(base?.name).toBe(second.name);
    expect(others).toMatchObject([{ name: third.name }]);
    expect(await newestPath(folder)).toBe(third.path);
    // An increment is as whole as what it builds on, and is told as long as it may be what is wanted.
    damage(second, how);
    expect((await chooseBackup(folder, undefined, {})).passedOver).toHaveLength(2);
    damage(backups[0], how);
    const none = chooseBackup(folder, undefined, {});
    await expect(none).rejects.toMatchObject({ code: 'CORRUPT' });
    const nothing = await chooseBase(folder, await store.position(), {});
    expect(nothing).toMatchObject({ base: null, passedOver: { length: 3 } });
  });

  test('stays when others are let go of, and is told', async () => {
    const { folder, store, backups } = await chainOfThree();
    const [full, second, third] = backups;
    damage(second, 'cut');
    const next = await takeBackup(store, folder);
    const { removed, left } = await thin(next, 1);
    expect(removed).toEqual([full.name, third.name]);
    expect(left).toMatchObject([{ name: second.name, error: { code: 'CORRUPT' } }]);
    expect(readdirSync(folder).sort()).toEqual([second.name, next.name].sort());
  });

  test('is passed over without a word where its name is another', async () => {
    const { folder, backups } = await chainOfThree();
    fileOf(folder, 'letter.ndjson.zst', readFileSync(backups[2].path).subarray(0, 50));
    expect(await listBackups(folder)).toMatchObject({ backups: { length: 3 }, unreadable: [] });
  });
});

test('what may not be read or written is named, with what to do', async () => {
  const { folder, store, backups } = await chainOfThree();
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const [full] = backups;
  chmodSync(folder, 0o755);
  chmodSync(full.path, 0o600);
  const next = await takeBackup(store, folder);
  const hint = expect.stringMatching(/^Give this user the right to /);
  await asOrdinaryUser(async () => {
    await expect(openBackup(full.path)).rejects.toMatchObject({ code: 'STORE_FAILED', hint });
    await expect(listBackups(closed)).rejects.toMatchObject({ code: 'STORE_FAILED', hint });
    const write = writeNewFile(join(folder, 'new'), { replace: false, orElse: '' }, async () => {});
    await expect(write).rejects.toMatchObject({ code: 'READ_ONLY', hint });
    // What could be made is no failure because another one cannot be removed.
    const { removed, left } = await thin(next, 1);
    expect(removed).toEqual([]);
    expect(left.map(({ error }) => error.code)).toContain('READ_ONLY');
  });
});
