import { hash } from 'node:crypto';
import { makeRun, outputOf } from '../../../src/conformance/make-run.ts';
import type { AgentRun } from '../../../src/domain/run.ts';

/** A word in the prompt of every run. */
export const COMMON_WORD = 'everywhere';

/** The message of a run holds the word of its revision and no other of these. */
export const REVISION_WORDS = ['apple', 'birch', 'cedar', 'daisy', 'elder'] as const;

const MOST_STEPS = 4;
/** Large enough to be kept once for all the steps that repeat it. */
const SHARED_TEXT = 'You are a careful engineer. Read before you write. '.repeat(100);

/**
 * The run with that number at that revision (0 to 4), of about 4 to 20 KB: equal with each call. Its
 * revisions differ in message, texts, metadata and steps, so that a mixture of two is no third.
 */
export function faultRun(number: number, revision = 0): AgentRun {
  const isUnderWay = number % 3 === 0 && revision === 0;
  return makeRun(number, {
    repository: `acme/part-${number % 7}`,
    status: isUnderWay ? 'RUNNING' : 'SUCCESS',
    input: {
      prompt: `Do number ${number}, as ${COMMON_WORD}. ${filler(number, 'prompt', 10)}`,
      diff: filler(number, 'diff', 15),
      recentCommits: [`before ${number}`],
      model: 'large-1',
      temperature: 0.5,
    },
    output: {
      ...outputOf(`Revision ${REVISION_WORDS[revision]}`),
      rawResponse: filler(number, `response ${revision}`, 30),
    },
    tags: [`part-${number % 7}`, `revision-${revision}`],
    metadata: { number, revision },
    steps: Array.from({ length: (number + revision) % MOST_STEPS }, (_, ordinal) => ({
      kind: 'model_call' as const,
      name: `step ${ordinal}`,
      input: { system: SHARED_TEXT, question: filler(number, `question ${ordinal}`, 4) },
      output: filler(number, `answer ${ordinal} ${revision}`, 40),
    })),
  });
}

/** So many times 64 characters that no compression makes small. */
function filler(number: number, part: string, length: number): string {
  const piece = (_: unknown, index: number) => hash('sha256', `${number} ${part} ${index}`);
  return Array.from({ length }, piece).join('');
}
