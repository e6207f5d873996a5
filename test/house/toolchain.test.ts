import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from './support/source-tree.ts';

test.each([
  ['the types hold', 'tsc', ['--noEmit']],
  ['the linter and the formatter have nothing to say', 'biome', ['check', '--error-on-warnings']],
])('%s', (_name, command, args) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
