import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ROOT } from './support/program.ts';

test('in a checkout, npm runs the program where the user stands', () => {
  const { INIT_CWD: _, ...env } = process.env;
  const cwd = join(ROOT, 'docs');
  const line = 'npm run -s runledger -- record --store memory: -- pwd';
  const { stdout } = spawnSync(line, { cwd, env, shell: true, encoding: 'utf8' });
  expect(stdout).toBe(`${cwd}\n`);
});

test('a checkout that is not built says so in one sentence', () => {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const program = join(folder, 'bin', 'runledger.js');
  const { status, stderr } = spawnSync(process.execPath, [program, 'list'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^runledger is not built in this checkout: .*\.\n$/);
});
