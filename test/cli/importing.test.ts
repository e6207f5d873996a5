import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { assistant, jsonl, text, user } from '../importers/claude-code/transcripts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { json, noTerminal, onTerminal, runledger, startProgram } from './support/program.ts';

interface Imported {
  written: number;
  runs: number;
  sessions: number;
  steps: number;
  files: number;
  filesRead: number;
  setAside: { source: string; reason: string }[];
  usage: Record<string, number> | null;
  agents: { agent: string; written: number }[];
}

const FIRST = jsonl([
  user(1, 'Fix the till'),
  assistant(2, [text('Fixed.')], { id: 'm', usage: { input_tokens: 3, output_tokens: 4 } }),
]);
const SECOND = jsonl([user(3, 'And the door')]);
const IN_HOME = '.claude/projects/shop/session-a.jsonl';

/** A home with one session, and a folder to work in. */
function home(files: Record<string, string> = { [IN_HOME]: FIRST }) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const cwd = temporaryFolder();
  return { folder, cwd, options: { cwd, env: { HOME: folder, CLAUDE_CONFIG_DIR: undefined } } };
}

describe('import', () => {
  test('takes in what agents left, and a second time nothing', async () => {
    const { options, cwd } = home();
    const first = await json<Imported>(['import', '--yes'], options);
    expect(first).toMatchObject({
      ...{ to: `sqlite:${cwd}/data/claude-runs.db`, written: 1, runs: 1, sessions: 1, steps: 1 },
      ...{ files: 1, filesRead: 1, setAside: [], usage: { inputTokens: 3, outputTokens: 4 } },
      agents: [{ agent: 'claude-code', written: 1 }],
    });
    const again = await json<Imported>(['import', '--yes'], options);
    expect(again).toMatchObject({ written: 0, runs: 0, files: 1, filesRead: 0 });
    const list = await json<{ runs: { prompt: string }[] }>(['list'], options);
    expect(list.runs.map(({ prompt }) => prompt)).toEqual(['Fix the till']);
  });

  test('without --yes asks, and without a terminal says so', async () => {
    const { options } = home();
    const { code, stdout, stderr } = await runledger(['import'], options);
    expect([code, stdout]).toEqual([2, expect.stringContaining('Claude Code')]);
    expect(stderr).toContain('no terminal');
    expect((await runledger(['list'], options)).code).toBe(1);
  });

  test.skipIf(noTerminal)(
    'shows what it found and takes it in where the answer is yes',
    async () => {
      const { options } = home();
      const no = await onTerminal(['import'], { ...options, input: 'n\n' });
      expect(no).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/Claude Code +1 .*\[y\/N\]/s),
      });
      const yes = await onTerminal(['import'], { ...options, input: 'y\n' });
      expect(yes).toMatchObject({ code: 0, stdout: expect.stringContaining('Written') });
    },
  );

  test('a dry run changes nothing, not even where there is no store', async () => {
    const { options } = home();
    const planned = await json<Imported>(['import', '--dry-run'], options);
    expect(planned).toMatchObject({ dryRun: true, written: 1 });
    expect((await runledger(['list'], options)).stderr).toContain('There is no store');
    await json(['import', '--yes'], options);
    expect(await json(['import', '--dry-run'], options)).toMatchObject({
      written: 0,
      filesRead: 0,
    });
  });

  test('takes files and folders that are named', async () => {
    const { options, folder } = home({ 'old/a.jsonl': FIRST, 'old/deep/b.jsonl': SECOND });
    const one = ['import', 'claude-code', join(folder, 'old/a.jsonl'), '--to', 'sqlite:one.db'];
    expect(await json(one, options)).toMatchObject({ files: 1, written: 1 });
    const all = ['import', 'claude-code', join(folder, 'old'), '--to', 'file:all'];
    expect(await json(all, options)).toMatchObject({ files: 2, written: 2 });
    expect(await json(all, options)).toMatchObject({ files: 2, filesRead: 0 });
  });

  test('puts aside what cannot be read: 3, by file, line and reason, each time', async () => {
    const { options, folder } = home({ [IN_HOME]: `${FIRST}{"type":"user","mess` });
    for (const written of [1, 0]) {
      const { code, stdout } = await runledger(['import', 'claude-code', '--json'], options);
      expect(code).toBe(3);
      const source = `${join(folder, IN_HOME)} line 3`;
      expect(JSON.parse(stdout)).toMatchObject({ written, setAside: [{ source }] });
    }
    const { stdout } = await runledger(['import', 'claude-code'], options);
    expect(stdout).toMatch(/Put aside: 1 item[\s\S]*cut off[\s\S]*\(1\)\n {4}.*line 3/);
  });

  test('says what there is where a name is wrong, a path, or nothing is there', async () => {
    const { options } = home({});
    const unknown = await runledger(['import', 'nobody'], options);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('claude-code')]);
    const missing = await runledger(['import', 'claude-code', 'nowhere.jsonl'], options);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('nowhere.jsonl')]);
    const empty = await runledger(['import'], options);
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('no files of agents')]);
    const none = { written: 0, runs: 0, agents: [] };
    expect(await json(['import', '--since', '1h'], options)).toMatchObject(none);
  });
});

describe('watch', () => {
  test('takes in what is there, and what comes, until Ctrl-C', async () => {
    const { options, folder } = home();
    const child = startProgram(['watch', '--json'], options);
    let stderr = '';
    let stdout = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part;
    });
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const seen = async (pattern: RegExp) => {
      for (let tries = 0; tries < 200 && !pattern.test(stderr); tries += 1) await sleep(100);
      expect(stderr).toMatch(pattern);
    };
    await seen(/Claude Code: 1 run written/);
    appendFileSync(join(folder, IN_HOME), SECOND);
    await seen(/(?:1 run written[\s\S]*){2}/);
    const other = join(folder, '.claude/projects/new/deep');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'session-b.jsonl'), jsonl([user(9, 'Elsewhere')]));
    await seen(/(?:1 run written[\s\S]*){3}/);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, written: 3 });
    const list = await json<{ runs: { prompt: string }[] }>(['list'], options);
    const prompts = list.runs.map(({ prompt }) => prompt).sort();
    expect(prompts).toEqual(['And the door', 'Elsewhere', 'Fix the till']);
  });
});
