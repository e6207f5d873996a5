import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openRunRepository } from '../../src/index.ts';
import { runChild } from '../support/child.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { addressIn, DURABLE_KINDS } from './support/durable-kinds.ts';
import { digestsOf, RUNS_AFTER, RUNS_BEFORE } from './support/five-runs.ts';
import { inspectStore } from './support/inspect-store.ts';
import { injecting, refusalOfStrace } from './support/strace.ts';

const CHILD = fileURLToPath(new URL('support/transaction-child.ts', import.meta.url));
/** Every call by which Node and SQLite change a disk, but for `write`, which the child reports with. */
const CALLS = 'pwrite64,pwritev,fsync,fdatasync,rename,unlink,ftruncate,fallocate';
const CODES = ['EIO', 'ENOSPC'];
const refusal = refusalOfStrace();

test.for(DURABLE_KINDS.flatMap((kind) => CODES.map((code) => [kind, code] as const)))(
  'a transaction on a %s store in which each system call in turn has %s: as before or as after',
  async ([kind, code], { skip }) => {
    skip(refusal !== null, refusal ?? '');
    const original = folderInMemory();
    const repository = await openRunRepository(addressIn(original, kind));
    await repository.saveMany(RUNS_BEFORE);
    await repository.close();
    const [before, after] = [digestsOf(RUNS_BEFORE), digestsOf(RUNS_AFTER)];
    let refused = 0;
    let number = 0;
    for (let hasFailed = true; hasFailed; ) {
      number += 1;
      const folder = folderInMemory();
      cpSync(original, folder, { recursive: true });
      const log = join(folder, 'strace.log');
      const store = addressIn(folder, kind);
      const fault = `${CALLS}:error=${code}:when=${number}`;
      const { stdout, stderr } = await runChild(
        injecting(fault, [process.execPath, CHILD, store], log),
      );
      hasFailed = readFileSync(log, 'utf8').includes('(INJECTED)');
      const isDone = stdout === 'done\n';
      if (!isDone) {
        refused += 1;
        expect(JSON.parse(stdout), stderr).toMatchObject({ name: 'RunledgerError' });
      }
      const allowed = isDone ? [after] : [before, after];
      expect(allowed).toContainEqual(await inspectStore(store));
    }
    console.log(`${kind}, ${code}: ${number - 1} calls failed in turn, ${refused} were told`);
    expect(refused).toBeGreaterThan(3);
  },
);
