import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  folderWithFiles,
  folderWithRuns,
  MAIN,
  ROOT,
  runledger,
  sharedFolder,
  startProgram,
} from './support/program.ts';

const ID = '0199c2f4-9a3c-7c1e-8f51-3f7b4d2a6e10';
/** The least that each command takes, for those that make no store. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  show: [ID],
  search: ['word'],
  retry: [ID],
  cancel: [ID],
  delete: [ID],
  tag: [ID, '--add', 'a'],
  rewind: ['--to', '1h'],
  mirror: ['--to', 'sqlite:other.db'],
};
const NOBODY = '00000000-0000-4000-8000-000000000000';
const MAKERS = ['start', 'import', 'watch', 'migrate', 'restore', 'record'];
/** All but those that make a store or open none. */
const readers = COMMANDS.map(({ name }) => name).filter(
  (name) => ![...MAKERS, 'verify', 'drill', 'completion'].includes(name),
);

describe('a store that is not there', () => {
  test.each(readers)('%s says where it looked and makes none', async (name) => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await runledger([name, ...(CALLS[name] ?? [])], { cwd });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(join(cwd, 'data/claude-runs.db'));
    expect(stdout + stderr).toContain(`npm --prefix ${ROOT} run -s runledger -- start`);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('commands that only look', () => {
  test('leave an empty file empty', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'empty.db'), '');
    for (const args of [['list'], ['doctor'], ['delete', NOBODY]]) {
      const { code } = await runledger([...args, '--store', 'sqlite:empty.db'], { cwd });
      expect(code).toBe(1);
    }
    expect(statSync(join(cwd, 'empty.db')).size).toBe(0);
    expect(readdirSync(cwd)).toEqual(['empty.db']);
  });

  test('leave an older schema as it is, and name the command that does not', async () => {
    const cwd = await folderWithRuns();
    const path = join(cwd, 'data/claude-runs.db');
    renameSync(path, join(cwd, 'old.db'));
    const database = new DatabaseSync(join(cwd, 'old.db'));
    database.exec('DELETE FROM schema_migrations');
    database.close();
    const { code, stderr } = await runledger(['list', '--store', 'sqlite:old.db'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: .* lacks 0001-.*\.\nhint: .*schema --apply --store sqlite:old.db/,
    );
    expect(stderr).not.toContain('synchronize');
  });
});

describe('hints', () => {
  test('lead to the store that was named, and to what can be typed', async () => {
    const cwd = await folderWithRuns();
    renameSync(join(cwd, 'data'), join(cwd, 'kept here'));
    const store = ['--store', 'sqlite:kept here/claude-runs.db'];
    const named = "--store 'sqlite:kept here/claude-runs.db'";
    for (const args of [
      ['show', NOBODY],
      ['cancel', NOBODY],
      ['list', '--tag', 'none'],
    ]) {
      const { stdout, stderr } = await runledger([...args, ...store], { cwd });
      expect(stdout).toBe('');
      expect(stderr).toContain(`runledger -- list ${named}`);
    }
    const ended = '3f6c1e0a-7b52-4c1d-9a64-0d2b8e5f1a01';
    const { stderr } = await runledger(['cancel', ended, ...store], { cwd });
    expect(stderr).toMatch(
      /^error: .* is SUCCESS and cannot become CANCELLED\.\nhint: cancel is for /,
    );
  });
});

describe('errors are one line, a hint, and no stack', () => {
  test('unless it is asked for', async () => {
    const cwd = temporaryFolder();
    const plain = await runledger(['list'], { cwd });
    expect(plain.stderr.trimEnd().split('\n')).toHaveLength(2);
    const debugged = await runledger(['list'], { cwd, env: { RUNLEDGER_DEBUG: '1' } });
    expect(debugged.stderr).toContain('    at ');
  });

  test('a server that is not there is named, and a password is never shown', async () => {
    const cwd = await folderWithFiles();
    const store = 'postgres://user:hunter2@localhost:1/runs';
    for (const args of [
      ['list', '--store', store],
      ['migrate', '--from', 'file', '--to', store],
    ]) {
      const { code, stdout, stderr } = await runledger(args, {
        cwd,
        env: { RUNLEDGER_DEBUG: '1' },
      });
      expect(code).toBe(1);
      expect(stderr).toContain('No server listens there: postgres://user@localhost:1/runs');
      expect(stderr).toContain('hint: Check `host` and `port`');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  test('a file that is no database is left as it is', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'data'));
    writeFileSync(join(cwd, 'data/claude-runs.db'), 'a letter to a friend');
    for (const command of ['list', 'start', 'doctor']) {
      const { code, stdout, stderr } = await runledger([command], { cwd });
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(/is no|not a|damaged/);
      expect(stderr).not.toContain('    at ');
    }
    expect(readdirSync(join(cwd, 'data'))).toEqual(['claude-runs.db']);
  });
});

describe('where output goes', () => {
  test.each([['list'], ['export'], ['stats'], ['list', '--json']])(
    '%j ends quietly when its reader has gone',
    async (...args) => {
      const child = startProgram(args, { cwd: await sharedFolder() });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.stdout.destroy();
      const [code] = await once(child, 'close');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  test('but a backup that its reader did not take whole is a failure', async () => {
    const child = startProgram(['backup', '--out', '-'], { cwd: await sharedFolder() });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: Standard output was closed before all .*\nhint: /);
  });

  test('a full device is an error', async (context) => {
    context.skip(!existsSync('/dev/full'), 'there is no /dev/full');
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN, 'list'], {
      cwd: await sharedFolder(),
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: ENOSPC: no space left on device/);
  });
});
