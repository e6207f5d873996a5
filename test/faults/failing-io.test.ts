import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openRunRepository } from '../../src/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { History } from './support/history.ts';
import { inspectStore } from './support/inspect-store.ts';
import { PATIENCE } from './support/patience.ts';
import { startWriter } from './support/writer.ts';

const LIMITED_CHILD = fileURLToPath(new URL('support/limited-child.ts', import.meta.url));
const RUNS = 60;

/** Why system calls cannot be made to fail here; null where they can. */
const refusal = refusalOfStrace();

function refusalOfStrace(): string | null {
  const probe = ['-qq', '-o', '/dev/null', '-e', 'inject=chdir:error=EIO', 'true'];
  const { status, stderr, error } = spawnSync('strace', probe, { encoding: 'utf8' });
  return status === 0 ? null : `no strace here: ${error?.message ?? stderr.trim()}`;
}

describe('system calls that fail', () => {
  test.for([
    ['every third flush fails', 'fsync,fdatasync:error=EIO:when=10+3', 'STORE_FAILED'],
    ['every seventh write has an error', 'pwrite64:error=EIO:when=300+7', 'STORE_FAILED'],
    ['every seventh write finds no space', 'pwrite64:error=ENOSPC:when=300+7', 'FULL'],
  ])('%s: what was acknowledged is there', PATIENCE, async ([, inject, code], { skip }) => {
    skip(refusal !== null, refusal ?? '');
    const path = join(temporaryFolder(), 'runs.db');
    await (await openRunRepository(`sqlite:${path}`)).close();
    const trace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`];
    const history = new History();
    const child = [process.execPath, LIMITED_CHILD, `sqlite:${path}`, `${RUNS}`];
    const writer = startWriter([...trace, ...child], history);
    const { stderr, code: exitCode } = await writer.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(history.acknowledged).toBeGreaterThan(0);
    expect(writer.failures.length).toBeGreaterThan(0);
    for (const failure of writer.failures) {
      expect(failure).toMatchObject({ name: 'RunledgerError', code, hint: expect.any(String) });
    }
    expect(history.problems(await inspectStore(path))).toEqual([]);
  });
});
