import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, folderWithRuns, json, runledger, sharedFolder } from './support/program.ts';

/** What these tests know of a run file, read without the program. */
interface ExampleRun {
  id: string;
  repository: string;
  status: string;
  startedAt: string;
  duration?: number;
  input: { prompt: string };
  error?: { code: string };
}

const STATUS_TODAY: Readonly<Record<string, string>> = {
  PENDING: 'QUEUED',
  STARTED: 'RUNNING',
  COMPLETED: 'SUCCESS',
  TIMEOUT: 'FAILED',
};

const examples = readdirSync(EXAMPLES)
  .map((name) => JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as ExampleRun)
  .map((run) => ({ ...run, status: STATUS_TODAY[run.status] ?? run.status }))
  .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
const ids = (runs: ReadonlyArray<{ id: string }>) => runs.map(({ id }) => id);

interface ListDocument {
  runs: (ExampleRun & { costUsd: number | null })[];
  nextCursor: string | null;
}

describe('list', () => {
  test('has every run, newest first, with a cost that is unknown', async () => {
    const cwd = await sharedFolder();
    const { version, runs, nextCursor } = await json<ListDocument>(['list'], { cwd });
    expect({ version, nextCursor }).toEqual({ version: 1, nextCursor: null });
    expect(ids(runs)).toEqual(ids(examples));
    expect(runs.map(({ costUsd }) => costUsd)).toEqual(examples.map(() => null));
  });

  test('is paged by its cursor, in both orders', async () => {
    const cwd = await sharedFolder();
    for (const order of ['newest', 'oldest']) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const more: string[] = cursor === null ? [] : ['--cursor', cursor];
        const args = ['list', '--limit', '5', '--order', order, ...more];
        const page: ListDocument = await json<ListDocument>(args, { cwd });
        seen.push(...ids(page.runs));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(order === 'newest' ? ids(examples) : ids(examples).reverse());
    }
  });

  test('is filtered by every option', async () => {
    const cwd = await sharedFolder();
    const listed = async (...args: string[]) =>
      ids((await json<ListDocument>(['list', ...args], { cwd })).runs);
    const expected = (matches: (run: ExampleRun) => boolean) => ids(examples.filter(matches));
    const { repository, startedAt } = examples[3] ?? { repository: '', startedAt: '' };
    expect(await listed('--status', 'failed, cancelled')).toEqual(
      expected(({ status }) => ['FAILED', 'CANCELLED'].includes(status)),
    );
    expect(await listed('--repository', repository)).toEqual(
      expected((run) => run.repository === repository),
    );
    expect(await listed('--since', startedAt)).toEqual(
      expected((run) => run.startedAt >= startedAt),
    );
    expect(await listed('--until', startedAt)).toEqual(
      expected((run) => run.startedAt < startedAt),
    );
    const code = examples.find(({ error }) => error)?.error?.code ?? '';
    expect(await listed('--error', code)).toContain(examples.find(({ error }) => error)?.id);
    for (const option of ['--agent', '--model', '--session', '--branch', '--tag']) {
      expect(await listed(option, 'nothing has this')).toEqual([]);
    }
  });

  test('says what to do where nothing matches, and refuses a cursor that is none', async () => {
    const cwd = await sharedFolder();
    const none = await runledger(['list', '--tag', 'no such tag'], { cwd });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toMatch(/^No run matches/);
    const bad = await runledger(['list', '--cursor', 'x'], { cwd });
    expect(bad).toMatchObject({ code: 2, stdout: '' });
  });

  test('in a pipe it cuts nothing and has no colours, unless COLUMNS sets a width', async () => {
    const cwd = await sharedFolder();
    const piped = await runledger(['list'], { cwd });
    expect(piped.stdout).not.toContain('\x1b');
    for (const { id, repository } of examples) {
      expect(piped.stdout).toMatch(new RegExp(`^${id} .*${repository}`, 'm'));
    }
    const narrow = await runledger(['list'], { cwd, env: { COLUMNS: '70' } });
    expect(narrow.stdout.split('\n').filter((line) => line.length > 70)).toEqual([]);
  });
});

describe('show', () => {
  test('has the whole run', async () => {
    const cwd = await sharedFolder();
    const [example] = examples;
    const { run, costUsd, version } = await json<{ run: ExampleRun; costUsd: null }>(
      ['show', (example?.id ?? '').toUpperCase()],
      { cwd },
    );
    expect({ version, costUsd }).toEqual({ version: 1, costUsd: null });
    expect(run).toMatchObject({ id: example?.id, input: example?.input });
    const { stdout } = await runledger(['show', example?.id ?? ''], { cwd });
    for (const line of example?.input.prompt.split('\n') ?? []) expect(stdout).toContain(line);
  });

  test('cuts long texts, and --full does not', async () => {
    const cwd = await folderWithRuns();
    const prompt = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    const run = { repository: 'r', status: 'QUEUED', input: { prompt } };
    const { id } = await json<{ id: string }>(['record'], { cwd, input: JSON.stringify(run) });
    const cut = await runledger(['show', id], { cwd });
    expect(cut.stdout).toContain('line 14\n');
    expect(cut.stdout).toContain('25 more lines');
    const full = await runledger(['show', id, '--full'], { cwd });
    expect(full.stdout).toContain('line 39\n');
  });

  test('an id of nobody is told so', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const cwd = await sharedFolder();
    const { code, stdout, stderr } = await runledger(['show', id, '--json'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: There is no run .*\nhint: /);
  });
});

describe('search', () => {
  test('finds by words and shows where', async () => {
    const cwd = await sharedFolder();
    const [word = ''] = /[a-z]{6,}/.exec(examples[0]?.input.prompt ?? '') ?? [];
    const { hits } = await json<{ hits: { id: string; snippet: { text: string } }[] }>(
      ['search', word],
      { cwd },
    );
    expect(ids(hits)).toContain(examples[0]?.id);
    const { stdout } = await runledger(['search', word], { cwd });
    expect(stdout).toContain(word);
  });

  test('nothing found is said; no word at all is wrong use', async () => {
    const cwd = await sharedFolder();
    const none = await runledger(['search', 'zzyzx'], { cwd });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toMatch(/^No run matches\. To see the newest/);
    const code = await runledger(['search', 'PARSE_ERROR', 'zzyzx'], { cwd });
    expect(code.stderr).toMatch(/^No run matches; fewer words[\s\S]*list --error PARSE_ERROR\n/);
    expect(await runledger(['search', '!!!'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('stats', () => {
  test('counts what the files hold', async () => {
    const cwd = await sharedFolder();
    const document = await json<Record<string, unknown>>(['stats'], { cwd });
    const count = (status: string) => examples.filter((run) => run.status === status).length;
    const durations = examples.flatMap(({ duration }) => duration ?? []);
    expect(document).toMatchObject({
      version: 1,
      totalRuns: examples.length,
      retiredRuns: 0,
      usage: null,
      costUsd: null,
      runsWithoutUsage: examples.length,
      byStatus: { SUCCESS: count('SUCCESS'), FAILED: count('FAILED'), QUEUED: count('QUEUED') },
      successRate: count('SUCCESS') / examples.length,
    });
    const average = durations.reduce((sum, own) => sum + own, 0) / durations.length;
    expect(document.averageDuration).toBeCloseTo(average, 6);
    const { stdout } = await runledger(['stats'], { cwd });
    for (const { repository } of examples) expect(stdout).toContain(repository);
  });
});

describe('export', () => {
  test('NDJSON has every run whole, CSV a line for each', async () => {
    const cwd = await sharedFolder();
    const { stdout } = await runledger(['export'], { cwd });
    const lines = stdout.trimEnd().split('\n');
    const runs = lines.map((line) => JSON.parse(line) as ExampleRun);
    expect(ids(runs)).toEqual(ids(examples).reverse());
    expect(runs.at(-1)?.input.prompt).toBe(examples[0]?.input.prompt);
    const csv = await runledger(['export', '--format', 'csv', '--order', 'newest'], { cwd });
    expect(csv.stdout).toMatch(/^id,repository,status,startedAt,.*\r\n/);
    for (const { id, repository, status } of examples) {
      expect(csv.stdout).toContain(`\r\n${id},${repository},${status},`);
    }
  });

  test('CSV quotes what needs it and changes no text', async () => {
    const cwd = await folderWithRuns();
    const prompt = '=1+1, "quoted"\r\nsecond line';
    const run = { repository: 'csv', status: 'QUEUED', input: { prompt } };
    await runledger(['record'], { cwd, input: JSON.stringify(run) });
    const { stdout } = await runledger(['export', '--format', 'csv', '--repository', 'csv'], {
      cwd,
    });
    expect(stdout).toContain(',"=1+1, ""quoted""\r\nsecond line",');
  });

  test('a file appears whole, and one that is there stays unless it is forced', async () => {
    const cwd = await folderWithRuns();
    const document = await json(['export', '--out', 'runs.ndjson'], { cwd });
    expect(document).toEqual({
      version: 1,
      exported: examples.length,
      format: 'ndjson',
      out: 'runs.ndjson',
    });
    const again = await runledger(['export', '--out', 'runs.ndjson'], { cwd });
    expect(again).toMatchObject({ code: 2, stdout: '' });
    const forced = await runledger(['export', '--out', 'runs.ndjson', '--force', '--limit'], {
      cwd,
    });
    expect(forced.code).toBe(2);
    const replaced = ['export', '--out', 'runs.ndjson', '--force', '--status', 'FAILED'];
    expect((await runledger(replaced, { cwd })).code).toBe(0);
    const lines = readFileSync(join(cwd, 'runs.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(examples.filter(({ status }) => status === 'FAILED').length);
    for (const [out, reason] of [
      ['absent/runs.ndjson', 'There is no folder absent.'],
      ['data', 'data is a folder.'],
    ] as const) {
      const { code, stderr } = await runledger(['export', '--force', '--out', out], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain(reason);
    }
    expect(readdirSync(cwd).sort()).toEqual(['data', 'runs.ndjson']);
  });
});
