import { join } from 'node:path';
import { type TestContext, test } from 'vitest';

const CORPUS = process.env.RUNLEDGER_CORPUS;

/** Whether there is a corpus. */
export const HAS_CORPUS = CORPUS !== undefined;

/** Its folder of old run files. */
export const CLAUDE_RUNS = join(CORPUS ?? '', 'claude-runs');

/** A test of the corpus, skipped by name where there is none. */
export function corpusTest(name: string, body: () => Promise<void>): void {
  test(name, async (context: TestContext) => {
    context.skip(!HAS_CORPUS, 'RUNLEDGER_CORPUS does not say where the corpus lies');
    await body();
  });
}
