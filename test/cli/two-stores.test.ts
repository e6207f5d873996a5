import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWithFiles, runledger } from './support/program.ts';

describe('migrate refuses', () => {
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

  test('a store that is none, and says which of the two it was', async () => {
    const cwd = await folderWithFiles();
    for (const flag of ['--from', '--to']) {
      const { stderr } = await runledger(['migrate', flag, 'oracle:x'], { cwd });
      expect(stderr).toContain(`error: ${flag}: "oracle" is no kind of store`);
    }
  });
});
