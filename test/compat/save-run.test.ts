import { describe, expect, test } from 'vitest';
import type { AgentRun } from '../../src/compat/index.ts';
import { oldRun, succeeded } from './support/old-run.ts';
import { STORES, storageAt } from './support/stores.ts';

const DATED = '2026-01-01T09:30:00Z is when the tests broke; find out why';

/** A run in which every text begins like a time. */
function datedRun(): AgentRun {
  const output = { message: DATED, confidence: 1, reasoning: DATED, rawResponse: DATED };
  return oldRun(1, {
    ...succeeded(),
    repository: DATED,
    input: { prompt: DATED, diff: DATED, recentCommits: [DATED], model: DATED, temperature: 0 },
    output: { ...output, tokensUsed: 12 },
  });
}

describe.each(STORES)('saveRun and getRun over $name', ({ newPlace }) => {
  test('give back what was saved, its times as Dates', async () => {
    const storage = storageAt(newPlace());
    const run = oldRun(1, succeeded());
    expect(await storage.saveRun(run)).toBeUndefined();
    expect(await storage.getRun(run.id)).toEqual(run);
  });

  test('answer null for a run that is not there, whatever its id looks like', async () => {
    const storage = storageAt(newPlace());
    expect(await storage.getRun(oldRun(1).id)).toBeNull();
    expect(await storage.getRun('run-1')).toBeNull();
  });

  test('leave a text that begins like a time a text', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(datedRun());
    expect(await storage.getRun(datedRun().id)).toEqual(datedRun());
  });

  test('follow a run through its life, with one object as the old manager did', async () => {
    const storage = storageAt(newPlace());
    const run = oldRun(1);
    await storage.saveRun(run);
    run.status = 'RUNNING';
    await storage.saveRun(run);
    Object.assign(run, succeeded());
    await storage.saveRun(run);
    expect(await storage.getRun(run.id)).toEqual(oldRun(1, succeeded()));
  });

  test('replace the run whole: what it does not have any more is gone', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1, succeeded()));
    const { output: _, ...rest } = oldRun(1, succeeded());
    await storage.saveRun(rest);
    expect(await storage.getRun(rest.id)).toEqual(rest);
  });

  test('save the state at the time of the call, whatever happens to the object after', async () => {
    const storage = storageAt(newPlace());
    const run = oldRun(1);
    const saving = storage.saveRun(run);
    run.status = 'RUNNING';
    run.input.prompt = 'changed';
    await saving;
    expect(await storage.getRun(run.id)).toEqual(oldRun(1));
  });

  test('hand out copies: a change takes effect when it is saved', async () => {
    const storage = storageAt(newPlace());
    await storage.saveRun(oldRun(1));
    const read = (await storage.getRun(oldRun(1).id)) as AgentRun;
    read.status = 'RUNNING';
    read.startedAt.setFullYear(2001);
    read.input.recentCommits.push('changed');
    expect(await storage.getRun(read.id)).toEqual(oldRun(1));
    await storage.saveRun(read);
    expect(await storage.getRun(read.id)).toEqual(read);
  });

  test('keep what the old class knew nothing of', async () => {
    const storage = storageAt(newPlace());
    const more = { tags: ['release'], metadata: { pipeline: 7 }, reviewedBy: 'a person' };
    await storage.saveRun({ ...oldRun(1), ...more });
    const read = (await storage.getRun(oldRun(1).id)) as AgentRun;
    await storage.saveRun({ ...read, status: 'RUNNING' });
    expect(await storage.getRun(read.id)).toEqual({ ...oldRun(1), ...more, status: 'RUNNING' });
  });

  test('give null for what another writer did not say', async () => {
    const storage = storageAt(newPlace());
    const { model: _m, temperature: _t, ...input } = oldRun(1).input;
    await storage.saveRun({ ...oldRun(1), input: input as AgentRun['input'] });
    expect((await storage.getRun(oldRun(1).id))?.input).toMatchObject({
      model: null,
      temperature: null,
    });
  });
});

describe.each(STORES)('saveRun over $name refuses', ({ newPlace }) => {
  const noRun: [path: string, fields: Record<string, unknown>][] = [
    ['id', { id: 'run-1' }],
    ['id', { id: undefined }],
    ['repository', { repository: '' }],
    ['status', { status: 'DONE' }],
    ['startedAt', { startedAt: new Date(Number.NaN) }],
    ['duration', { duration: 12.5 }],
    ['error.code', { error: { code: 1, message: 'exit code 1', recoverable: false } }],
    ['input.prompt', { input: {} }],
  ];

  test.each(noRun)('a run with a wrong %s, and names it: %j', async (path, fields) => {
    const storage = storageAt(newPlace());
    const saving = storage.saveRun({ ...oldRun(1), ...fields } as AgentRun);
    await expect(saving).rejects.toMatchObject({ code: 'INVALID', issues: [{ path }] });
    expect((await storage.getAllRuns()).total).toBe(0);
  });

  test('what is no run at all', async () => {
    const storage = storageAt(newPlace());
    for (const value of [undefined, null, 'a run', [oldRun(1)]]) {
      await expect(storage.saveRun(value as unknown as AgentRun)).rejects.toThrow(TypeError);
    }
  });
});
