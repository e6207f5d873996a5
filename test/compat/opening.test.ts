import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { RunStorage, type StorageTarget } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { openRunRepository } from '../../src/index.ts';
import { runChild } from '../support/child.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { failed, oldRun } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

/** A file where a database should lie. */
function noDatabase(): string {
  const path = join(temporaryFolder(), 'runs.db');
  writeFileSync(path, 'This is no database. '.repeat(100));
  return path;
}

const callsOf = (storage: RunStorage) => [
  () => storage.saveRun(oldRun(1)),
  () => storage.getRun(idOf(1)),
  () => storage.getRunsByRepository('web-shop'),
  () => storage.getAllRuns(),
  () => storage.retryRun(idOf(1)),
  () => storage.cancelRun(idOf(1)),
  () => storage.deleteOldRuns(),
  () => storage.getRunStatistics(),
];

describe.each(STORES)('a storage over $name', ({ newPlace }) => {
  test('takes every call before it is open', async () => {
    const storage = storageAt(newPlace());
    const calls = [
      storage.saveRun(oldRun(1, failed())),
      storage.getRun(idOf(2)),
      storage.getAllRuns({ status: 'RUNNING' }),
    ];
    expect(await Promise.all(calls)).toEqual([undefined, null, { runs: [], total: 0 }]);
    expect(await storage.getRun(idOf(1))).toEqual(oldRun(1, failed()));
  });

  test('refuses every call when it is closed; closing twice is closing', async () => {
    const storage = new RunStorage(newPlace());
    await storage.saveRun(oldRun(1));
    await storage.close();
    await storage.close();
    for (const call of callsOf(storage)) {
      await expect(call()).rejects.toMatchObject({ code: 'CLOSED' });
    }
  });

  test('leaves a repository open that it was given', async () => {
    const repository = await openRunRepository(newPlace());
    const storage = new RunStorage(repository);
    await storage.saveRun(oldRun(1));
    await storage.close();
    expect((await repository.findById(idOf(1)))?.status).toBe('QUEUED');
    await repository.close();
    await expect(storage.getRun(idOf(1))).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('tells the logger where the runs lie, and takes any event bus', async () => {
    const said: string[] = [];
    const logger = {
      info: (text: string) => said.push(text),
      error: (text: string) => said.push(text),
    };
    const place = newPlace();
    await new RunStorage(place, { emit: () => {} }, logger).close();
    const repository = await openRunRepository(place);
    await repository.close();
    expect(said).toEqual([expect.stringContaining(repository.location)]);
  });
});

describe.each(STORES.filter(({ isDurable }) => isDurable))('a place in $name', ({ newPlace }) => {
  test('holds what was saved when it is opened again, dates in texts untouched', async () => {
    const place = newPlace();
    const prompt = '2026-01-01T09:30:00Z is when the tests broke';
    const run = oldRun(1, { ...failed(), input: { ...oldRun(1).input, prompt } });
    const first = new RunStorage(place);
    await first.saveRun(run);
    await first.close();
    expect(await storageAt(place).getRun(run.id)).toEqual(run);
  });

  test('is one truth for several storages', async () => {
    const place = newPlace();
    const [resolver, worker] = [storageAt(place), storageAt(place)];
    await resolver.getAllRuns();
    await worker.saveRun(oldRun(1, { status: 'RUNNING' }));
    const cancelled = await resolver.cancelRun(idOf(1));
    expect(await worker.getRun(idOf(1))).toEqual(cancelled);
  });

  test('gives one retry to two storages that ask at once', async () => {
    const place = newPlace();
    const storages = [storageAt(place), storageAt(place)];
    await storages[0]?.saveRun(oldRun(1, failed()));
    const outcomes = await Promise.allSettled(storages.map((one) => one.retryRun(idOf(1))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await storages[1]?.getAllRuns())?.total).toBe(2);
  });
});

describe('a failure is told', () => {
  test('of opening, by every method and to the logger', async () => {
    const told: unknown[] = [];
    const logger = {
      info: (text: string) => told.push(text),
      error: (_text: string, error?: Error) => told.push(error),
    };
    const storage = new RunStorage(`sqlite:${noDatabase()}`, undefined, logger);
    for (const call of callsOf(storage)) {
      await expect(call()).rejects.toMatchObject({ code: 'CORRUPT' });
    }
    expect(told).toEqual([expect.objectContaining({ code: 'CORRUPT' })]);
    // In a `finally` it must not hide what went wrong.
    await storage.close();
    expect(storage.isRecoverable({ code: 'TIMEOUT' })).toBe(true);
  });

  test.each(['mysql://user:secret@host/runs', '', null, 7])(
    'of an argument that names no store: %j',
    async (target) => {
      const storage = new RunStorage(target as StorageTarget);
      const failure = await storage.getRun(idOf(1)).catch((error: Error) => error);
      expect(failure).toMatchObject({ code: 'INVALID' });
      expect(String(failure)).not.toContain('secret');
    },
  );

  test('to nobody, when no method is called: the process goes on', async () => {
    const compat = new URL('../../src/compat/index.ts', import.meta.url).href;
    const program = `
      import { RunStorage } from ${JSON.stringify(compat)};
      new RunStorage(${JSON.stringify(`sqlite:${noDatabase()}`)});
      setTimeout(() => console.log('still here'), 500);`;
    const child = await runChild([process.execPath, '--input-type=module', '-e', program]);
    expect(child).toMatchObject({ code: 0, stdout: 'still here\n', stderr: '' });
  });

  test('of a write: saveRun rejects, and what was stored stays', async () => {
    const path = join(temporaryFolder(), 'runs.db');
    const storage = storageAt(`sqlite:${path}`);
    await storage.saveRun(oldRun(1));
    using other = new DatabaseSync(path);
    other.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON agent_runs BEGIN SELECT RAISE(FAIL, 'broken'); END",
    );
    await expect(storage.saveRun(oldRun(1, { status: 'RUNNING' }))).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    expect(await storage.getRun(idOf(1))).toEqual(oldRun(1));
  });
});
