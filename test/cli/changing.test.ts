import { describe, expect, test } from 'vitest';
import { folderWithRuns, json, noTerminal, onTerminal, runledger } from './support/program.ts';

interface Listed {
  runs: { id: string; status: string; tags?: string[]; parentRunId?: string; retryCount: number }[];
}
interface Changed extends Listed {
  failed: { id: string; code: string }[];
}
const NOBODY = '00000000-0000-4000-8000-000000000000';

async function idOf(cwd: string, ...filter: string[]): Promise<string> {
  const { runs } = await json<Listed>(['list', ...filter], { cwd });
  return runs[0]?.id ?? 'none';
}

async function failedRun(cwd: string, recoverable = true): Promise<string> {
  const run = {
    repository: 'changing',
    status: 'FAILED',
    input: { prompt: 'fail' },
    error: { code: 'E', message: 'm', recoverable },
  };
  return (await json<{ id: string }>(['record'], { cwd, input: JSON.stringify(run) })).id;
}

describe('retry and cancel', () => {
  test('a retry is a queued run with the same input; cancelling it lets its parent fail again', async () => {
    const cwd = await folderWithRuns();
    const id = await failedRun(cwd);
    const retried = await json<Changed>(['retry', id], { cwd });
    expect(retried).toMatchObject({
      version: 1,
      runs: [{ status: 'QUEUED', parentRunId: id, retryCount: 1 }],
      failed: [],
    });
    expect((await json<{ run: object }>(['show', id], { cwd })).run).toMatchObject({
      status: 'RETRYING',
    });
    const again = await runledger(['retry', id], { cwd });
    expect(again.stderr).toMatch(/ is being retried already\.\n/);
    const retry = retried.runs[0]?.id ?? '';
    const cancelled = await runledger(['cancel', retry], { cwd });
    expect(cancelled).toMatchObject({ code: 0, stdout: `${retry}: cancelled\n`, stderr: '' });
    expect((await json<{ run: object }>(['show', id], { cwd })).run).toMatchObject({
      status: 'FAILED',
    });
  });

  test('of several, what is refused is told and the others go on', async () => {
    const cwd = await folderWithRuns();
    const good = await failedRun(cwd);
    const hopeless = await failedRun(cwd, false);
    const { code, stdout, stderr } = await runledger(['retry', hopeless, NOBODY, good, '--json'], {
      cwd,
    });
    const document = JSON.parse(stdout) as Changed;
    expect(code).toBe(1);
    expect(document.runs).toMatchObject([{ parentRunId: good }]);
    expect(document.failed).toMatchObject([
      { id: hopeless, code: 'NOT_RECOVERABLE' },
      { id: NOBODY, code: 'NOT_FOUND' },
    ]);
    expect(stderr.match(/^error: /gm)).toHaveLength(2);
  });

  test('what has ended cannot be cancelled', async () => {
    const cwd = await folderWithRuns();
    const id = await idOf(cwd, '--status', 'SUCCESS');
    const { code, stderr } = await runledger(['cancel', id], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /);
  });
});

describe('delete', () => {
  test('by id, with what is not there and what is active told', async () => {
    const cwd = await folderWithRuns();
    const id = await idOf(cwd, '--status', 'SUCCESS');
    const dry = await json(['delete', id, '--dry-run'], { cwd });
    expect(dry).toEqual({ version: 1, dryRun: true, deleted: 1, active: 0, missing: [] });
    expect(await json(['delete', id, NOBODY], { cwd })).toMatchObject({
      deleted: 1,
      missing: [NOBODY],
    });
    expect((await runledger(['delete', id], { cwd })).code).toBe(1);
    const queued = { repository: 'r', status: 'QUEUED', input: { prompt: 'p' } };
    const active = await json<{ id: string }>(['record'], { cwd, input: JSON.stringify(queued) });
    const left = await runledger(['delete', active.id], { cwd });
    expect(left.code).toBe(1);
    expect(left.stdout).toContain('cancel');
    expect(await idOf(cwd, '--repository', 'r')).toBe(active.id);
  });

  test('by filter it needs a yes; nothing named deletes nothing', async () => {
    const cwd = await folderWithRuns();
    const failed = (await json<Listed>(['list', '--status', 'FAILED'], { cwd })).runs.length;
    expect(failed).toBeGreaterThan(0);
    const filter = ['delete', '--status', 'FAILED'];
    expect(await runledger(['delete'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect(await runledger(['delete', '--yes'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect(await runledger(filter, { cwd })).toMatchObject({ code: 2, stdout: '' });
    expect(await json([...filter, '--dry-run'], { cwd })).toMatchObject({
      dryRun: true,
      deleted: failed,
    });
    expect(await json([...filter, '--yes'], { cwd })).toMatchObject({
      dryRun: false,
      deleted: failed,
    });
    expect(await idOf(cwd, '--status', 'FAILED')).toBe('none');
  });

  test('asks at a terminal, and takes only yes for yes', async (context) => {
    context.skip(noTerminal !== '', noTerminal);
    const cwd = await folderWithRuns();
    const filter = ['delete', '--status', 'FAILED'];
    const no = await onTerminal(filter, { cwd, input: 'n\n' });
    expect(no.stdout).toMatch(/Delete \d+ runs\? \[y\/N\]/);
    expect(no.code).toBe(1);
    expect(await idOf(cwd, '--status', 'FAILED')).not.toBe('none');
    const yes = await onTerminal(filter, { cwd, input: 'y\n' });
    expect(yes.code).toBe(0);
    expect(await idOf(cwd, '--status', 'FAILED')).toBe('none');
  });
});

describe('tag', () => {
  test('puts tags on and takes them off, and list finds them', async () => {
    const cwd = await folderWithRuns();
    const id = await idOf(cwd);
    const added = await json<Changed>(['tag', id, '--add', 'good', '--add', 'new'], { cwd });
    expect(added.runs).toMatchObject([{ id, tags: ['good', 'new'] }]);
    expect(await idOf(cwd, '--tag', 'new')).toBe(id);
    const { stdout } = await runledger(['tag', id, '--remove', 'new', '--add', 'good'], { cwd });
    expect(stdout).toBe(`${id}: good\n`);
    expect(await idOf(cwd, '--tag', 'new')).toBe('none');
  });

  test('loses nothing where many tag the same run at once', async () => {
    const cwd = await folderWithRuns();
    const id = await idOf(cwd);
    const tags = ['a', 'b', 'c', 'd'];
    const ended = await Promise.all(
      tags.map((tag) => runledger(['tag', id, '--add', tag], { cwd })),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { run } = await json<{ run: { tags: string[] } }>(['show', id], { cwd });
    expect(run.tags.toSorted()).toEqual(tags);
  });
});
