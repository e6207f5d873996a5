import { symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWithFiles, folderWithRuns, runledger } from './support/program.ts';

describe('copying refuses', () => {
  test('a store that is the other one under another name', async () => {
    const cwd = await folderWithFiles();
    symlinkSync(join(cwd, 'logs'), join(cwd, 'link'));
    const { code, stderr } = await runledger(
      ['migrate', '--from', 'file', '--to', 'file:link/claude-runs'],
      { cwd },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('Both --from and --to are');
  });

  test('a mirror that is the store itself', async () => {
    const cwd = await folderWithRuns();
    const { code, stderr } = await runledger(['mirror', '--to', 'sqlite'], { cwd });
    expect(code).toBe(2);
    const path = join(cwd, 'data', 'claude-runs.db');
    expect(stderr).toContain(`Both the store and its mirror are sqlite:${path}.`);
  });

  test('a place in the folder that is copied from, and what is ours in it', async () => {
    const cwd = await folderWithFiles();
    for (const [place, message] of [
      ['logs/claude-runs/sub', 'lies in the folder that is copied from'],
      ['logs/claude-runs/.runledger/runs', 'lies in the folder that is copied from'],
    ] as const) {
      for (const kind of ['file', 'sqlite']) {
        const { code, stderr } = await runledger(
          ['migrate', '--from', 'file', '--to', `${kind}:${place}`],
          { cwd },
        );
        expect(code).toBe(2);
        expect(stderr).toContain(message);
      }
    }
    const elsewhere = await runledger(['list', '--store', 'file:a/.runledger/b'], { cwd });
    expect(elsewhere.stderr).toContain(`Name the folder: file:${join(cwd, 'a')}`);
  });

  test('a store in memory, which would end with the command', async () => {
    const cwd = await folderWithRuns();
    await mkdir(join(cwd, 'backups'));
    for (const args of [
      ['migrate', '--from', 'sqlite', '--to', 'memory:'],
      ['migrate', '--from', 'memory:', '--to', 'sqlite', '--follow'],
      ['mirror', '--to', 'memory:', '--once'],
      ['restore', 'backups', '--to', 'memory:'],
      ['drill', '--from', 'backups', '--to', 'memory:'],
    ]) {
      const { code, stdout, stderr } = await runledger(args, { cwd });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toContain('A store in memory begins empty and ends with the command');
    }
  });

  test('a store that is none, and says which of the two it was', async () => {
    const cwd = await folderWithFiles();
    for (const flag of ['--from', '--to']) {
      const { stderr } = await runledger(['migrate', flag, 'oracle:x'], { cwd });
      expect(stderr).toContain(`error: ${flag}: "oracle" is no kind of store`);
    }
  });
});
