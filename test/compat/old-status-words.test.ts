import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { idOf } from '../../src/conformance/make-run.ts';
import { ROOT } from '../house/support/source-tree.ts';
import { failed, oldRun } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

const WORDS = [
  ['PENDING', 'QUEUED'],
  ['STARTED', 'RUNNING'],
  ['COMPLETED', 'SUCCESS'],
  ['TIMEOUT', 'FAILED'],
] as const;

describe.each(STORES)('old status words over $name', ({ newPlace }) => {
  test.each(WORDS)('%s is read as %s, and the word is kept', async (word, status) => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status: word }));
    expect(await storage.getRun(idOf(1))).toMatchObject({
      status,
      metadata: { sourceStatus: word },
    });
  });

  test.each(WORDS)('getAllRuns finds by %s what is %s now', async (word, status) => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status: word }));
    await storage.saveRun(oldRun(2, { status }));
    await storage.saveRun(oldRun(3, { status: 'CANCELLED' }));
    const { runs, total } = await storage.getAllRuns({ status: word });
    expect(runs.map(({ id }) => id)).toEqual([idOf(2), idOf(1)]);
    expect(total).toBe(2);
  });

  test('TIMEOUT is given an error where it tells none, and keeps its own', async () => {
    const storage = storageAt(newPlace());
    const error = { code: 'ETIMEDOUT', message: 'no answer', recoverable: false };
    await storage.saveRun(oldRun(1, { status: 'TIMEOUT' }));
    await storage.saveRun(oldRun(2, { status: 'TIMEOUT', error }));
    expect((await storage.getRun(idOf(1)))?.error).toMatchObject({
      code: 'TIMEOUT',
      recoverable: true,
    });
    expect((await storage.getRun(idOf(2)))?.error).toEqual(error);
  });

  test('a run that is read goes on with the next old word', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { status: 'PENDING' }));
    for (const [word, status] of WORDS.slice(1, 3)) {
      const run = (await storage.getRun(idOf(1))) as AgentRun;
      await storage.saveRun({ ...run, status: word });
      expect(await storage.getRun(idOf(1))).toMatchObject({
        status,
        metadata: { sourceStatus: word },
      });
    }
  });

  test('what an application keeps under the name of the word is not overwritten', async () => {
    const storage = storageAt(newPlace());
    const metadata = { sourceStatus: 'of its own' };
    const saving = storage.saveRun({ ...oldRun(1, { status: 'PENDING' }), metadata } as AgentRun);
    await expect(saving).rejects.toMatchObject({
      code: 'INVALID',
      issues: [{ path: 'metadata.sourceStatus' }],
    });
    await storage.saveRun({ ...oldRun(1), metadata } as AgentRun);
    expect(await storage.getRun(idOf(1))).toMatchObject({ metadata });
  });

  test('a folder of run files is taken in by saving each', async () => {
    const storage = storageAt(newPlace());
    const folder = join(ROOT, 'examples/claude-runs');
    const files = readdirSync(folder).map((name) =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')),
    );
    for (const file of files) await storage.saveRun(file);
    expect(files.map(({ status }) => status)).toEqual(
      expect.arrayContaining(['COMPLETED', 'TIMEOUT']),
    );
    for (const file of files) {
      const [, status] = WORDS.find(([word]) => word === file.status) ?? [null, file.status];
      const { startedAt, completedAt, ...rest } = file;
      const times = {
        startedAt: new Date(startedAt),
        ...(completedAt && { completedAt: new Date(completedAt) }),
      };
      expect(await storage.getRun(file.id)).toMatchObject({ ...rest, ...times, status });
    }
    expect((await storage.getAllRuns()).total).toBe(files.length);
  });

  test('a failure that was saved by an old word can be retried', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, { ...failed(), status: 'TIMEOUT' }));
    expect(await storage.retryRun(idOf(1))).toMatchObject({ status: 'QUEUED', retryCount: 1 });
  });
});
