import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf } from '../../src/conformance/make-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { EXAMPLES, folderWithFiles, json, runledger } from './support/program.ts';

const NAMES = readdirSync(EXAMPLES);
const FIRST = NAMES[0]?.replace('.json', '') ?? '';

const folderOf = (cwd: string) => join(cwd, 'logs/claude-runs');
const bytesOf = (folder: string, names: readonly string[]) =>
  names.map((name) => readFileSync(join(folder, name)));

interface Listing {
  runs: { id: string }[];
}
interface Health {
  sound: boolean;
  checks: { name: string; state: string; text: string }[];
}

describe('a folder of run files as the store', () => {
  test('is read where it lies, and its files stay as they are', async () => {
    const cwd = await folderWithFiles();
    const store = ['--store', 'file'];
    const { runs } = await json<Listing>(['list', ...store], { cwd });
    expect(runs.map(({ id }) => `${id}.json`).sort()).toEqual(NAMES);
    const { hits } = await json<{ hits: object[] }>(['search', 'webhook', ...store], { cwd });
    expect(hits).toHaveLength(1);
    for (const command of [['show', FIRST], ['stats'], ['list', '--status', 'FAILED']]) {
      expect(await runledger([...command, ...store], { cwd })).toMatchObject({
        code: 0,
        stderr: '',
      });
    }
    expect(readdirSync(folderOf(cwd)).sort()).toEqual(['.runledger', ...NAMES]);
    expect(bytesOf(folderOf(cwd), NAMES)).toEqual(bytesOf(EXAMPLES, NAMES));
  });

  test('is written to: a run that is recorded is a file, one that is deleted is none', async () => {
    const cwd = await folderWithFiles();
    const store = ['--store', 'file'];
    const run = {
      id: idOf(1),
      repository: 'acme/shop',
      status: 'SUCCESS',
      startedAt: '2026-10-01T00:00:00.000Z',
      input: { prompt: 'Count the sheep' },
      retryCount: 0,
    };
    const input = JSON.stringify(run);
    expect(await runledger(['record', ...store], { cwd, input })).toMatchObject({ code: 0 });
    const file = join(folderOf(cwd), `${idOf(1)}.json`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ...run, version: 1 });
    const deleted = await runledger(['delete', FIRST, '--yes', ...store], { cwd });
    expect(deleted).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(folderOf(cwd))).not.toContain(`${FIRST}.json`);
  });

  test('is checked by doctor, with what is no run in it', async () => {
    const cwd = await folderWithFiles();
    writeFileSync(join(folderOf(cwd), 'broken.json'), '{');
    const health = await json<Health>(['doctor', '--store', 'file'], { cwd });
    expect(health.sound).toBe(true);
    const textOf = (name: string) => health.checks.find((check) => check.name === name)?.text;
    expect(textOf('files')).toBe(`${NAMES.length + 1} files, no index yet`);
    expect(textOf('runs')).toMatch(`${NAMES.length}: `);
    expect(textOf('quarantine')).toMatch(/^1 item /);
  });

  test('is not made by looking at it, nor taken in from itself', async () => {
    const empty = temporaryFolder();
    const { code, stderr } = await runledger(['list', '--store', 'file'], { cwd: empty });
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no store at file:${folderOf(empty)}.`);
    expect(readdirSync(empty)).toEqual([]);

    const cwd = await folderWithFiles();
    const started = await json<object>(['start', '--store', 'file'], { cwd });
    expect(started).toMatchObject({ created: false, source: null, takenIn: null });
    const itself = ['start', '--store', 'file', '--from', 'logs/claude-runs'];
    expect(await runledger(itself, { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--from is the store itself'),
    });
  });
});

describe('runs go', () => {
  test('from a folder to a database and back: no file is rewritten', async () => {
    const cwd = await folderWithFiles();
    const there = await json<object>(['migrate', '--from', 'file', '--to', 'sqlite'], { cwd });
    expect(there).toMatchObject({ written: NAMES.length, verified: NAMES.length });
    const back = await json<object>(['migrate', '--from', 'sqlite', '--to', 'file'], { cwd });
    expect(back).toMatchObject({ written: 0, unchanged: NAMES.length, verified: NAMES.length });
    expect(bytesOf(folderOf(cwd), NAMES)).toEqual(bytesOf(EXAMPLES, NAMES));
  });

  test('from a database to a folder that is not there yet', async () => {
    const cwd = temporaryFolder();
    await runledger(['start'], { cwd });
    const target = ['--to', 'file:./kept'];
    const { code, stdout } = await runledger(['migrate', '--from', 'sqlite', ...target], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(`To         file:${join(cwd, 'kept')}`);
    expect(readdirSync(join(cwd, 'kept')).sort()).toEqual(['.runledger', ...NAMES]);
  });

  test('out of a folder without leaving anything in it, if no store was opened there', async () => {
    const cwd = await folderWithFiles();
    mkdirSync(join(cwd, 'data'));
    await runledger(['migrate'], { cwd });
    expect(readdirSync(folderOf(cwd)).sort()).toEqual(NAMES);
  });
});
