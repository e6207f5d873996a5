import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { formerStates } from '../../../src/conformance/former-states.ts';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { lookAtFile } from '../../../src/stores/file/look-at-file.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import {
  behindLink,
  edit,
  fileOf,
  folderOf,
  namesIn,
  type OpenFolder,
  openFolder,
  readJson,
  writeJson,
} from './support/file-store.ts';

const branchesOf = async ({ repository }: OpenFolder) =>
  (await repository.list({}, { order: 'oldest' })).items.map(({ branch }) => branch);

const operationsOf = async ({ repository }: OpenFolder) =>
  (await Array.fromAsync(repository.changes())).map(({ operation, runId, version }) => [
    operation,
    runId,
    version,
  ]);

describe('what others change in a folder', () => {
  test('while nobody has it open is there when it is opened', async () => {
    const folder = await folderOf(3);
    const first = await openFolder({ path: folder });
    await first.repository.close();
    edit(folder, 1, { branch: 'edited' });
    rmSync(join(folder, fileOf(2)));
    writeJson(folder, fileOf(3), makeRun(3));
    const opened = await openFolder({ path: folder });
    expect(await branchesOf(opened)).toEqual([undefined, 'edited', undefined]);
    expect((await operationsOf(opened)).slice(3).sort()).toEqual([
      ['delete', idOf(2), 1],
      ['insert', idOf(3), 1],
      ['update', idOf(1), 2],
    ]);
  });

  test('can be undone: the ledger has what it overwrote', async () => {
    const folder = await folderOf(2);
    const { repository } = await openFolder({ path: folder });
    await repository.close();
    edit(folder, 0, { branch: 'edited', input: { prompt: 'another' } });
    rmSync(join(folder, fileOf(1)));
    const { store } = await openFolder({ path: folder });
    const edited = await formerStates(store, idOf(0));
    expect(edited.map((state) => state?.input.prompt)).toEqual([
      undefined,
      'prompt number 0',
      'another',
    ]);
    const deleted = await formerStates(store, idOf(1));
    expect(deleted.map((state) => state?.input.prompt)).toEqual([
      undefined,
      'prompt number 1',
      undefined,
    ]);
  });

  test('is seen at once by who reads that run, with no sweep', async () => {
    const folder = await folderOf(1);
    const opened = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'edited' });
    const run = await opened.repository.findById(idOf(0));
    expect(run).toMatchObject({ branch: 'edited', version: 2 });
    expect(await operationsOf(opened)).toHaveLength(2);
    for await (const streamed of opened.repository.stream()) expect(streamed).toEqual(run);
  });

  test('is not overwritten unseen: a save goes over it, and the ledger has it', async () => {
    const folder = await folderOf(1);
    const { repository, store } = await openFolder({ path: folder });
    const read = await repository.findById(idOf(0));
    edit(folder, 0, { branch: 'edited' });
    const stale = repository.save({ ...makeRun(0), tags: ['mine'], version: read?.version ?? 0 });
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' });
    await repository.save({ ...makeRun(0), tags: ['mine'] });
    const states = await formerStates(store, idOf(0));
    expect(states.map((state) => state && [state.branch, state.tags])).toEqual([
      null,
      [undefined, undefined],
      ['edited', undefined],
      [undefined, ['mine']],
    ]);
  });

  test('by deleting is a deletion, also for a save of the version that was there', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    rmSync(join(folder, fileOf(0)));
    const save = repository.save({ ...makeRun(0), tags: ['mine'], version: 1 });
    await expect(save).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await repository.findById(idOf(0))).toBeNull();
    expect((await repository.save(makeRun(0))).result).toBe('inserted');
  });

  test('by adding a file is found at once by the id of its run', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    writeJson(folder, fileOf(7), makeRun(7));
    expect(await repository.findById(idOf(7))).toMatchObject({ id: idOf(7), version: 1 });
    expect(await repository.findById(idOf(8))).toBeNull();
  });

  test('is found by its content where size and times are what they were', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'edited' });
    // As on a file system whose clock stood still meanwhile.
    const index = new DatabaseSync(join(folder, '.runledger', 'index.db'));
    const { signature } = lookAtFile(folder, fileOf(0));
    index.prepare('UPDATE run_files SET signature = ?').run(signature);
    index.close();
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'edited', version: 2 });
  });

  test('as editors do that put another file in its place goes on counting', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'second' });
    expect(await repository.findById(idOf(0))).toMatchObject({ version: 2 });
    const text = readJson(folder, fileOf(0));
    rmSync(join(folder, fileOf(0)));
    expect(await repository.findById(idOf(0))).toBeNull();
    writeJson(folder, fileOf(0), { ...text, branch: 'third' });
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'third', version: 3 });
    const stale = repository.save({ ...makeRun(0), version: 2 });
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('by renaming all files takes no run away, not for a moment', async () => {
    const folder = await folderOf(500);
    const opened = await openFolder({ path: folder });
    await opened.repository.close();
    for (const name of namesIn(folder)) renameSync(join(folder, name), join(folder, `a ${name}`));
    const again = await openFolder({ path: folder });
    expect(new Set((await operationsOf(again)).map(([operation]) => operation))).toEqual(
      new Set(['insert']),
    );
    expect((await again.repository.statistics()).totalRuns).toBe(500);
  });

  test('is told by the system and seen without asking', async () => {
    const folder = await folderOf(2);
    const opened = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'edited' });
    rmSync(join(folder, fileOf(1)));
    writeJson(folder, fileOf(2), makeRun(2, { branch: 'added' }));
    await until(async () => String(await branchesOf(opened)) === 'edited,added');
    expect((await opened.repository.search('prompt')).items).toHaveLength(2);
    expect((await opened.repository.statistics()).totalRuns).toBe(2);
  });

  test('is found by the sweep where the system tells of nothing', async () => {
    const folder = await folderOf(2);
    const elsewhere = behindLink(folder, fileOf(0));
    const opened = await openFolder({ path: folder, sweepMs: 50 });
    writeJson(elsewhere, fileOf(0), makeRun(0, { branch: 'edited' }));
    await until(async () => String(await branchesOf(opened)) === 'edited,');
  });

  test('keeps its times: touching a file is no change of its run', async () => {
    const folder = await folderOf(1);
    const first = await openFolder({ path: folder });
    const before = await first.repository.findById(idOf(0));
    await first.repository.close();
    utimesSync(join(folder, fileOf(0)), new Date(), new Date());
    const opened = await openFolder({ path: folder });
    expect(await opened.repository.findById(idOf(0))).toEqual(before);
    expect(await operationsOf(opened)).toHaveLength(1);
  });

  test('has the time of its file: when it was made, and when it was changed', async () => {
    const folder = await folderOf(1);
    const made = new Date('2026-02-03T04:05:06.000Z');
    utimesSync(join(folder, fileOf(0)), made, made);
    const { repository } = await openFolder({ path: folder });
    const times = { createdAt: made.toISOString(), updatedAt: made.toISOString() };
    expect(await repository.findById(idOf(0))).toMatchObject({ version: 1, ...times });
    edit(folder, 0, { branch: 'edited' });
    const edited = await repository.findById(idOf(0));
    expect(edited?.createdAt).toBe(times.createdAt);
    expect(Date.parse(edited?.updatedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  test('in the same moment as we do is not missed, though its times are the same', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(0), makeRun(0, { branch: 'a' }));
    // Opened while the clock of the file system may not have moved on yet.
    const { repository } = await openFolder({ path: folder });
    await repository.close();
    writeJson(folder, fileOf(0), makeRun(0, { branch: 'b' }));
    const opened = await openFolder({ path: folder });
    expect(await branchesOf(opened)).toEqual(['b']);
  });

  test('many times over leaves one truth', async () => {
    const folder = await folderOf(20);
    const opened = await openFolder({ path: folder, sweepMs: 20 });
    for (let round = 0; round < 10; round += 1) {
      for (let number = 0; number < 20; number += 1) {
        const name = join(folder, fileOf(number));
        if ((number + round) % 7 === 0) rmSync(name, { force: true });
        else writeFileSync(name, JSON.stringify(makeRun(number, { branch: `b${round}` })));
        if ((number + round) % 5 === 0) await opened.repository.save(makeRun(100 + number));
      }
    }
    const wanted = namesIn(folder).map((name) => readJson(folder, name).branch);
    await until(async () => String(await branchesOf(opened)) === String(wanted));
    for (let number = 0; number < 20; number += 1) await formerStates(opened.store, idOf(number));
  });
});
