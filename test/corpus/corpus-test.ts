import { join } from 'node:path';
import { testWhere } from '../support/test-where.ts';

const CORPUS = process.env.RUNLEDGER_CORPUS;

/** Whether there is a corpus. */
export const HAS_CORPUS = CORPUS !== undefined;

/** Its folder of old run files. */
export const CLAUDE_RUNS = join(CORPUS ?? '', 'claude-runs');

/** A test of the corpus, skipped by name where there is none. `missing`: what else it lacks. */
export function corpusTest(
  name: string,
  body: () => Promise<void>,
  { missing = null }: { missing?: string | null } = {},
): void {
  const noCorpus = HAS_CORPUS ? null : 'RUNLEDGER_CORPUS does not say where the corpus lies';
  testWhere(noCorpus ?? missing)(name, body);
}
