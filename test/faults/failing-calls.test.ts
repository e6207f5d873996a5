import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf, guardRepository, type RunRepository } from '../../src/index.ts';
import { openFileStore } from '../../src/stores/file/open-file-store.ts';
import { folderInMemory } from '../support/temporary-folder.ts';
import { failingCalls } from './support/failing-calls.ts';
import { failureOf } from './support/failure-of.ts';
import { faultRun } from './support/fault-run.ts';
import { changeFiveRuns, digestsOf, RUNS_AFTER, RUNS_BEFORE } from './support/five-runs.ts';
import type { StoredDigests } from './support/history.ts';
import { inspectStore } from './support/inspect-store.ts';
import { PATIENCE } from './support/patience.ts';

const CODES = { ENOSPC: 'FULL', EIO: 'STORE_FAILED' } as const;

/** Changes of one kind each; none of them may be seen half done. */
const CHANGES: Record<string, (repository: RunRepository) => Promise<unknown>> = {
  'a new run': (repository) => repository.save(faultRun(10)),
  'a run that changes': (repository) => repository.save(faultRun(1, 1)),
  'a run that is deleted': (repository) => repository.delete(faultRun(2).id),
  'a transaction of five runs': changeFiveRuns,
};

const AFTER: Record<string, StoredDigests> = {
  'a new run': digestsOf([...RUNS_BEFORE, faultRun(10)]),
  'a run that changes': digestsOf([faultRun(1, 1), ...RUNS_BEFORE.slice(1)]),
  'a run that is deleted': digestsOf(RUNS_BEFORE.filter(({ id }) => id !== faultRun(2).id)),
  'a transaction of five runs': digestsOf(RUNS_AFTER),
};

async function digestsIn(repository: RunRepository): Promise<StoredDigests> {
  const runs = await Array.fromAsync(repository.stream());
  return new Map(runs.map((run) => [run.id, digestOf(run)]));
}

/** A folder with some runs, as a closed store left it. */
async function template(): Promise<string> {
  const folder = folderInMemory();
  const repository = guardRepository(await openFileStore({ path: folder }));
  await repository.saveMany(RUNS_BEFORE);
  await repository.close();
  return folder;
}

const cases = Object.keys(CHANGES).flatMap((change) =>
  Object.keys(CODES).flatMap((code) =>
    [false, true].map((goesOn) => ({ change, code: code as keyof typeof CODES, goesOn })),
  ),
);

describe('each call that changes the folder fails in turn', PATIENCE, () => {
  test.for(cases)('$change, $code, and goes on: $goesOn', async ({ change, code, goesOn }) => {
    const original = await template();
    const [before, after] = [digestsOf(RUNS_BEFORE), AFTER[change] ?? new Map()];
    const states = [before, after];
    let number = 0;
    for (let hasFailed = true; hasFailed; ) {
      number += 1;
      const path = join(folderInMemory(), 'runs');
      cpSync(original, path, { recursive: true });
      const { calls, failed, mend } = failingCalls({ number, code, goesOn });
      const repository = guardRepository(await openFileStore({ path, calls }));
      const failure = await failureOf(async () => CHANGES[change]?.(repository));
      hasFailed = failed() > 0;
      if (failure !== null) {
        expect(failure).toMatchObject({ code: CODES[code], hint: expect.any(String) });
      }
      if (!hasFailed) expect(failure).toBeNull();
      // What was acknowledged is there, and what was refused is there whole or not at all.
      const allowed = failure === null ? [after] : states;
      expect(allowed).toContainEqual(await digestsIn(repository));
      mend();
      await repository.save(faultRun(20));
      await repository.delete(faultRun(20).id);
      expect(allowed).toContainEqual(await digestsIn(repository));
      await repository.close();
      expect(allowed).toContainEqual(await inspectStore(`file:${path}`));
    }
    expect(number).toBeGreaterThan(2);
  });
});
