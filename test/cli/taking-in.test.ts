import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { EXAMPLES, folderWithFiles, json, runledger, startProgram } from './support/program.ts';

interface Copied {
  read: number;
  written: number;
  unchanged: number;
  setAside: { source: string; reason: string }[];
  verified: number;
  differences: string[];
}
const COUNT = readdirSync(EXAMPLES).length;

describe('migrate', () => {
  test('copies and verifies; a second time changes nothing', async () => {
    const cwd = await folderWithFiles();
    const first = await json<Copied>(['migrate', '--from', 'file', '--to', 'sqlite'], { cwd });
    expect(first).toEqual({
      version: 1,
      from: `file:${cwd}/logs/claude-runs`,
      to: `sqlite:${cwd}/data/claude-runs.db`,
      read: COUNT,
      written: COUNT,
      unchanged: 0,
      deleted: 0,
      files: 0,
      fileDifferences: [],
      setAside: [],
      verified: COUNT,
      differences: [],
      conflicts: [],
      gone: [],
      isResumed: false,
    });
    const second = await json<Copied>(['migrate'], { cwd });
    expect(second).toMatchObject({ written: 0, unchanged: COUNT, verified: COUNT });
    const unverified = await json<Copied>(['migrate', '--verify', 'none'], { cwd });
    expect(unverified).toMatchObject({ unchanged: COUNT, verified: 0 });
    const other = ['migrate', '--from', 'sqlite', '--to', 'sqlite:./other.db'];
    expect(await json<Copied>(other, { cwd })).toMatchObject({ written: COUNT, verified: COUNT });
  });

  test('puts aside what cannot be read: 3, each with its reason; again and again', async () => {
    const cwd = await folderWithFiles();
    writeFileSync(join(cwd, 'logs/claude-runs/broken.json'), '{"id": "');
    for (const written of [COUNT, 0]) {
      const { code, stdout } = await runledger(['migrate', '--json'], { cwd });
      expect(code).toBe(3);
      const document = JSON.parse(stdout) as Copied;
      expect(document).toMatchObject({ written, setAside: [{ source: 'broken.json' }] });
      expect(document.setAside[0]?.reason).toContain('cut off');
    }
    const on = await runledger(['migrate', '--from', 'sqlite', '--to', 'file:on', '--json'], {
      cwd,
    });
    expect(on.code).toBe(3);
    expect(JSON.parse(on.stdout)).toMatchObject({
      written: COUNT,
      setAside: [{ source: `file:${cwd}/logs/claude-runs broken.json` }],
    });
    const text = await runledger(['migrate'], { cwd });
    expect(text.stdout).toMatch(/Put aside: 1 item[\s\S]*broken\.json\n {4}.*cut off/);
  });

  test('a difference ends with 4, even where something is put aside', async () => {
    const cwd = await folderWithFiles();
    await json(['migrate'], { cwd });
    const [name = ''] = readdirSync(EXAMPLES);
    const id = name.replace('.json', '');
    expect((await runledger(['tag', id, '--add', 'mine'], { cwd })).code).toBe(0);
    const file = join(cwd, 'logs/claude-runs', name);
    const run = JSON.parse(readFileSync(file, 'utf8')) as { input: { prompt: string } };
    run.input.prompt = 'changed in the file';
    writeFileSync(file, JSON.stringify(run));
    writeFileSync(join(cwd, 'logs/claude-runs/empty.json'), '');
    const { code, stdout } = await runledger(['migrate'], { cwd });
    expect(code).toBe(4);
    expect(stdout).toContain(`Different on both sides: 1 run`);
    expect(stdout).toContain(id);
  });

  test('makes no target for a source that is not there', async () => {
    const cwd = temporaryFolder();
    for (const from of ['file', 'sqlite:./absent.db']) {
      const { code, stdout, stderr } = await runledger(['migrate', '--from', from], { cwd });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: .*\nhint: /);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('Ctrl-C ends it with 130 and whole runs; the next one goes on', async () => {
    const cwd = temporaryFolder();
    const source = join(cwd, 'many.ndjson');
    const prompt = 'p'.repeat(10_000);
    const lines = Array.from({ length: 2_000 }, (_, at) =>
      JSON.stringify({
        repository: 'many',
        status: 'QUEUED',
        input: { prompt: `${at} ${prompt}` },
      }),
    );
    writeFileSync(source, lines.join('\n'));
    const many = await json(['record', '--store', 'sqlite:./many.db'], {
      cwd,
      input: readFileSync(source),
    });
    expect(many).toMatchObject({ inserted: 2_000 });
    const migrate = ['migrate', '--from', 'sqlite:./many.db', '--to', 'sqlite'];
    const child = startProgram(migrate, { cwd });
    const target = join(cwd, 'data/claude-runs.db-wal');
    // Into the middle: once some of it has been written.
    while (
      child.exitCode === null &&
      (statSync(target, { throwIfNoEntry: false })?.size ?? 0) < 1e6
    ) {
      await new Promise((done) => setTimeout(done, 5));
    }
    child.kill('SIGINT');
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(stderr).toContain('run it again');
    const resumed = await json<Copied>(migrate, { cwd });
    expect(resumed).toMatchObject({ read: 2_000, verified: 2_000, differences: [] });
    expect(resumed.written + resumed.unchanged).toBe(2_000);
  });
});

describe('start', () => {
  test('without run files it takes the examples in, and a second time nothing', async () => {
    const cwd = temporaryFolder();
    const first = await runledger(['start'], { cwd });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^Made sqlite:.*claude-runs\.db\nTook \d+ runs in from the examples/,
    );
    expect(first.stdout).toMatch(
      /\nRuns +\d+\nBy status [\s\S]*\nREPOSITORY [\s\S]*\nLatest failures\n[\s\S]*\nNext\n/,
    );
    const second = await runledger(['start'], { cwd });
    expect(second.stdout).toMatch(/^Opened sqlite:.*\nNothing was taken in/);
    const { statistics, takenIn } = await json<{
      statistics: { totalRuns: number };
      takenIn: null;
    }>(['start'], { cwd });
    expect({ takenIn, totalRuns: statistics.totalRuns }).toEqual({
      takenIn: null,
      totalRuns: COUNT,
    });
  });

  test('with run files it takes those in, once', async () => {
    const cwd = await folderWithFiles();
    writeFileSync(join(cwd, 'logs/claude-runs/broken.json'), '');
    const first = await runledger(['start'], { cwd });
    expect(first.code).toBe(3);
    expect(first.stdout).toContain(`Took ${COUNT} runs in from file:`);
    expect(first.stdout).toContain('broken.json');
    const second = await runledger(['start'], { cwd });
    expect(second.stdout).toContain('nothing was taken in twice');
    const { source } = await json<{ source: string }>(['start'], { cwd });
    expect(source).toBe(`file:${join(cwd, 'logs/claude-runs')}`);
  });

  test('the commands that it names work as they are spelled', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await runledger(['start'], { cwd });
    const next = /\nNext\n([\s\S]*)$/.exec(stdout)?.[1] ?? '';
    const commands = next
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      // As npm does it: outside of the checkout, and on the store that lies here.
      const { npm_config_prefix: _, INIT_CWD: __, ...env } = process.env;
      const ended = spawnSync(command, { cwd, env, shell: true, encoding: 'utf8' });
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(ended.stdout).not.toBe('');
    }
  });

  test('makes no store for a source that is not there, and takes a folder by its URL', async () => {
    const cwd = temporaryFolder();
    expect((await runledger(['start', '--from', 'absent'], { cwd })).code).toBe(1);
    expect(readdirSync(cwd)).toEqual([]);
    const { source } = await json<{ source: string }>(['start', '--from', `file:${EXAMPLES}`], {
      cwd,
    });
    expect(source).toBe(`file:${EXAMPLES}`);
  });
});
