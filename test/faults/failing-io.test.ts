import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openRunRepository } from '../../src/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addressIn } from './support/durable-kinds.ts';
import { History } from './support/history.ts';
import { inspectStore } from './support/inspect-store.ts';
import { PATIENCE } from './support/patience.ts';
import { injecting, refusalOfStrace } from './support/strace.ts';
import { startWriter } from './support/writer.ts';

const LIMITED_CHILD = fileURLToPath(new URL('support/limited-child.ts', import.meta.url));
const RUNS = 60;

const refusal = refusalOfStrace();

describe('system calls that fail', () => {
  test.for([
    ['sqlite', 'every third flush fails', 'fsync,fdatasync:error=EIO:when=10+3', 'STORE_FAILED'],
    ['sqlite', 'every seventh write has an error', 'pwrite64:error=EIO:when=300+7', 'STORE_FAILED'],
    ['sqlite', 'every seventh write finds no space', 'pwrite64:error=ENOSPC:when=300+7', 'FULL'],
    ['file', 'every third flush fails', 'fsync,fdatasync:error=EIO:when=10+3', 'STORE_FAILED'],
    ['file', 'every third rename fails', 'rename:error=EIO:when=10+3', 'STORE_FAILED'],
    ['file', 'every third rename finds no space', 'rename:error=ENOSPC:when=10+3', 'FULL'],
    ['file', 'writes to the index have errors', 'pwrite64:error=EIO:when=300+7', 'STORE_FAILED'],
  ] as const)('%s: %s, and what was acknowledged is there', PATIENCE, async (fault, { skip }) => {
    const [kind, , inject, code] = fault;
    skip(refusal !== null, refusal ?? '');
    const store = addressIn(temporaryFolder(), kind);
    await (await openRunRepository(store)).close();
    const history = new History();
    // What looks for outside edits in between meets the same failures, and rightly warns of them.
    const child = [
      process.execPath,
      '--disable-warning=RunledgerWarning',
      LIMITED_CHILD,
      ...[store, `${RUNS}`],
    ];
    const writer = startWriter(injecting(inject, child), history);
    const { stderr, code: exitCode } = await writer.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(history.acknowledged).toBeGreaterThan(0);
    expect(writer.failures.length).toBeGreaterThan(0);
    for (const failure of writer.failures) {
      expect(failure).toMatchObject({ name: 'RunledgerError', code, hint: expect.any(String) });
    }
    expect(history.problems(await inspectStore(store))).toEqual([]);
  });
});
