import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/cli/output/display-width.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  folderWithFiles,
  json,
  noTerminal,
  onTerminal,
  runledger,
  sharedFolder,
  startOnTerminal,
} from './support/program.ts';

describe('on a terminal', () => {
  beforeEach((context) => {
    context.skip(noTerminal !== '', noTerminal);
  });

  test.each([
    [['list'], 80],
    [['list'], 60],
    [['stats'], 80],
    [['search', 'message'], 80],
    [['start'], 80],
    [['list'], 200],
  ])('%j fits %i columns, in colour', async (args, columns) => {
    const { stdout } = await onTerminal(args, { cwd: await sharedFolder(), columns });
    const lines = stripVTControlCharacters(stdout).split('\n');
    const wide = lines.filter((line) => displayWidth(line) > columns);
    // A command to be typed is never broken.
    expect(wide.filter((line) => !line.startsWith('  npm '))).toEqual([]);
    expect(lines.length).toBeGreaterThan(3);
    expect(stdout).toContain('\x1b[');
  });

  test('NO_COLOR is honoured', async () => {
    const { stdout } = await onTerminal(['list'], {
      cwd: await sharedFolder(),
      env: { NO_COLOR: '1' },
    });
    expect(stdout).toContain('SUCCESS');
    expect(stdout).not.toContain('\x1b[3');
  });

  test('a run cannot drive it', async () => {
    const cwd = temporaryFolder();
    const evil = '\x1b]0;owned\x07\x1b[2J\x9b2J quiet\x08\x0e\x85\r\x1b[31m\x1b';
    const run = {
      repository: evil,
      status: 'FAILED',
      input: { prompt: evil, diff: evil, model: evil },
      output: { message: evil },
      error: { code: evil, message: evil, recoverable: true },
      tags: [evil],
      branch: evil,
      metadata: { [evil]: evil },
    };
    const { id } = await json<{ id: string }>(['record'], { cwd, input: JSON.stringify(run) });
    for (const args of [
      ['list'],
      ['show', id, '--full'],
      ['search', 'quiet'],
      ['stats'],
      ['tag', id, '--add', evil],
    ]) {
      const { stdout } = await onTerminal(args, { cwd });
      expect(stdout).toContain('quiet');
      // Styles are ours: colours and bold, and nothing else.
      expect(stdout.replace(/\x1b\[\d+m/g, '')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }
  });

  test('progress is a bar that goes away; elsewhere there is none', async () => {
    const cwd = await folderWithFiles();
    const { stdout } = await onTerminal(['migrate'], { cwd });
    expect(stdout).toContain('░');
    expect(stdout).toMatch(/\r\x1b\[KFrom|\r\x1b\[K\x1b\[1mFrom/);
    const piped = await runledger(['migrate'], { cwd });
    expect(piped.stderr).toBe('');
  });

  test('Ctrl-C ends a recorded command once, and cancels the run', async () => {
    const cwd = temporaryFolder();
    const script =
      "process.on('SIGINT', () => { console.log('stopping'); setTimeout(() => process.exit(9), 300) }); console.log('ready'); setInterval(() => {}, 1000)";
    const child = startOnTerminal(['record', '--', process.execPath, '-e', script], { cwd });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      if (text.includes('ready')) child.stdin.end('\x03');
    });
    const [code] = await once(child, 'close');
    expect(seen.match(/stopping/g)).toHaveLength(1);
    expect(code).toBe(130);
    const { runs } = await json<{ runs: { status: string }[] }>(['list'], { cwd });
    expect(runs).toMatchObject([{ status: 'CANCELLED' }]);
  });

  test('Ctrl-C ends an export before all is written', async () => {
    const cwd = temporaryFolder();
    const prompt = 'p'.repeat(10_000);
    const run = JSON.stringify({ repository: 'many', status: 'QUEUED', input: { prompt } });
    await runledger(['record'], { cwd, input: `${run}\n`.repeat(2_000) });
    const child = startOnTerminal(['export'], { cwd });
    let characters = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (characters === 0) child.stdin.end('\x03');
      characters += text.length;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(characters).toBeLessThan(2_000 * prompt.length);
    // The longest page is the end of what a larger limit can show.
    const { stdout } = await onTerminal(['list', '--limit', '1000'], { cwd });
    expect(stdout).toContain('--cursor');
    expect(stdout).not.toContain('--limit');
  });

  test('a command that asks is left with Ctrl-C: 130, and nothing was done', async () => {
    const cwd = await folderWithFiles();
    await runledger(['start'], { cwd });
    const child = startOnTerminal(['delete', '--status', 'SUCCESS'], { cwd });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('[y/N]')) child.stdin.end('\x03');
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    const { runs } = await json<{ runs: object[] }>(['list', '--status', 'SUCCESS'], { cwd });
    expect(runs.length).toBeGreaterThan(0);
  });

  test('record without anything to record does not wait for the keyboard', async () => {
    const { code, stdout } = await onTerminal(['record'], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(stdout).toContain('There is nothing to record.');
  });
});
