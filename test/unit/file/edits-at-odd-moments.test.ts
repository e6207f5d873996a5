import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { digestOf } from '../../../src/domain/canonical.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import {
  behindLink,
  edit,
  fileOf,
  folderOf,
  namesIn,
  openFolder,
  readJson,
  settle,
  writeJson,
} from './support/file-store.ts';

describe('what others change in a folder at odd moments', () => {
  /** A folder with one run, of which another process has the lock: it is waited for as good as not */
  async function lockedFolder() {
    const folder = await folderOf(1);
    const opened = await openFolder({ path: folder });
    const lock = new DatabaseSync(join(folder, '.runledger', 'lock.db'));
    lock.exec('BEGIN IMMEDIATE');
    // The time for which others are waited for is over at once.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 40_000));
    return {
      folder,
      ...opened,
      free() {
        clock.mockRestore();
        lock.close();
      },
    };
  }

  test('that calls of a transaction meet at once is not put over what one of them wrote', async () => {
    const folder = await folderOf(60);
    const { store } = await openFolder({ path: folder });
    const transaction = await store.begin();
    const tags = ['mine'];
    for (let number = 0; number < 60; number += 1) {
      edit(folder, number, { branch: 'edited' });
      const run = makeRun(number, { tags });
      const put = { kind: 'put', run, digest: digestOf(run), expect: {}, stamps: 'next' } as const;
      const writing = transaction.write([put], { atomic: true });
      for (let n = 0; n < number; n += 1) await null;
      await Promise.all([writing, transaction.read([idOf(number)])]);
    }
    await transaction.commit();
    await transaction.rollback();
    expect(Array.from({ length: 60 }, (_, n) => readJson(folder, fileOf(n)).tags)).toEqual(
      Array(60).fill(tags),
    );
  });

  test('by deleting its file during a transaction makes that fail: the run stays deleted', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    const call = repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['mine'] }));
      rmSync(join(folder, fileOf(0)));
    });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(namesIn(folder)).toEqual([]);
    expect(await repository.findById(idOf(0))).toBeNull();
  });

  test('during a transaction, half written, makes it fail too: the other half may come', async () => {
    const folder = await folderOf(1);
    const { repository } = await openFolder({ path: folder });
    const call = repository.transaction(async (inside) => {
      await inside.save(makeRun(0, { tags: ['mine'] }));
      writeFileSync(join(folder, fileOf(0)), '{"half');
    });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(readFileSync(join(folder, fileOf(0)), 'utf8')).toBe('{"half');
  });

  test('by deleting in the moment in which a file was read is not missed', async () => {
    const folder = folderInMemory();
    writeJson(folder, fileOf(0), makeRun(0));
    const { repository } = await openFolder({ path: folder });
    await repository.close();
    rmSync(join(folder, fileOf(0)));
    const opened = await openFolder({ path: folder });
    expect((await opened.repository.list()).items).toEqual([]);
  });

  test('by deleting is found where a folder has more files than are compared at once', async () => {
    const folder = await folderOf(1);
    await (await openFolder({ path: folder })).repository.close();
    const index = new DatabaseSync(join(folder, '.runledger', 'index.db'));
    // Rows of files that are gone as well, before it in the order of names.
    index.exec(`WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 5001)
    INSERT INTO run_files SELECT printf('!%05d', x), x, NULL, 'unreadable' FROM n`);
    index.close();
    rmSync(join(folder, fileOf(0)));
    const { repository } = await openFolder({ path: folder });
    expect((await repository.list()).items).toEqual([]);
  });

  test('is found by each later sweep too', async () => {
    const folder = await folderOf(2);
    const elsewhere = behindLink(folder, fileOf(0));
    const opened = await openFolder({ path: folder, sweepMs: 50 });
    for (const branch of ['edited', 'again']) {
      writeJson(elsewhere, fileOf(0), makeRun(0, { branch }));
      await until(async () =>
        (await opened.repository.list()).items.some((run) => run.branch === branch),
      );
    }
  });

  test('by exchanging the runs of three files takes none away', async () => {
    const folder = folderInMemory();
    const put = (...numbers: number[]) => {
      for (const [at, number] of numbers.entries())
        writeJson(folder, `${at}.json`, makeRun(number));
    };
    put(1, 2, 3);
    await settle();
    const { repository } = await openFolder({ path: folder });
    put(2, 3, 1);
    for (const number of [1, 2, 3]) expect(await repository.findById(idOf(number))).not.toBeNull();
    const operations = (await Array.fromAsync(repository.changes())).map((one) => one.operation);
    expect(operations).not.toContain('delete');
  });

  test('is read as the index has it, and proves nothing, while others have the folder for long', async () => {
    const { folder, repository, store, free } = await lockedFolder();
    try {
      edit(folder, 0, { branch: 'edited' });
      expect(await repository.findById(idOf(0))).toMatchObject({ version: 1 });
      expect(await store.read([idOf(0)], { asKept: true })).toHaveProperty('size', 0);
    } finally {
      free();
    }
    expect(await repository.findById(idOf(0))).toMatchObject({ branch: 'edited', version: 2 });
  });

  test('cannot be made by us meanwhile: a write tells which folder others keep', async () => {
    const { folder, repository, free } = await lockedFolder();
    try {
      await expect(repository.save(makeRun(7))).rejects.toMatchObject({
        code: 'BUSY',
        message: `Another process keeps the folder "${folder}" to itself.`,
        hint: expect.stringContaining('try again'),
      });
    } finally {
      free();
    }
    expect((await repository.save(makeRun(7))).result).toBe('inserted');
  });

  test('and makes a run match no more keeps it from a stream that meets it', async () => {
    const folder = await folderOf(3);
    const { repository } = await openFolder({ path: folder });
    edit(folder, 1, { repository: 'other/app' });
    const runs = await Array.fromAsync(
      repository.stream({ repository: 'acme/app' }, { order: 'oldest' }),
    );
    expect(runs.map(({ id }) => id)).toEqual([0, 2].map(idOf));
  });

  test('by putting a file back from a copy goes on from the versions that were there', async () => {
    const folder = folderInMemory();
    const { repository } = await openFolder({ path: folder });
    await repository.save(makeRun(1));
    const old = readFileSync(join(folder, fileOf(1)));
    await repository.save(makeRun(1, { branch: 'b' }));
    await repository.delete(idOf(1));
    writeFileSync(join(folder, fileOf(1)), old);
    expect(await repository.findById(idOf(1))).toMatchObject({ version: 3 });
  });

  test('by adding a copy never makes that count for a while, in however large a folder', async () => {
    const folder = await folderOf(201);
    writeJson(folder, '!copy.json', makeRun(200, { branch: 'copy' }));
    const { repository } = await openFolder({ path: folder });
    expect((await repository.findById(idOf(200)))?.branch).toBeUndefined();
    expect(await Array.fromAsync(repository.changes())).toHaveLength(201);
  });

  test('is what heads in a transaction tell of', async () => {
    const folder = await folderOf(1);
    const { store } = await openFolder({ path: folder });
    edit(folder, 0, { branch: 'edited' });
    const transaction = await store.begin();
    expect((await transaction.heads([idOf(0)])).get(idOf(0))).toMatchObject({ version: 2 });
    await transaction.rollback();
  });

  test('and was found in a folder has that for its origin, wherever it is told', async () => {
    const folder = await folderOf(1);
    const { store, repository } = await openFolder({ path: folder });
    const origin = `file:${folder}`;
    expect((await store.history(idOf(0))).map((entry) => entry.origin)).toEqual([origin]);
    expect((await store.lastChanges([idOf(0)])).get(idOf(0))?.origin).toBe(origin);
    expect((await Array.fromAsync(repository.changes())).map((entry) => entry.origin)).toEqual([
      origin,
    ]);
  });

  test('is not looked for once the store is closed', async () => {
    const folder = join(folderInMemory(), 'runs');
    const warnings: string[] = [];
    const listen = ({ message }: Error) => void warnings.push(message);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const { repository } = await openFolder({ path: folder, sweepMs: 20 });
    await repository.save(makeRun(1));
    await repository.close();
    rmSync(folder, { recursive: true });
    await delay(200);
    expect(warnings).toEqual([]);
  });
});
