import type { AgentRun, RunError } from '../../../src/compat/index.ts';
import { idOf, startOf } from '../../../src/conformance/make-run.ts';

/** A queued run as an old application makes it; its number gives id, start and prompt. */
export function oldRun(number: number, fields: Partial<AgentRun> = {}): AgentRun {
  return {
    id: idOf(number),
    repository: 'web-shop',
    status: 'QUEUED',
    startedAt: new Date(startOf(number)),
    input: {
      prompt: `Write a commit message for change ${number}`,
      diff: '+one line',
      recentCommits: ['Add the cart', 'Begin'],
      model: 'some-model',
      temperature: 0.7,
    },
    retryCount: 0,
    ...fields,
  };
}

/** What a run that succeeded has more. */
export function succeeded(): Partial<AgentRun> {
  return {
    status: 'SUCCESS',
    completedAt: new Date('2026-03-02T08:00:00.250Z'),
    duration: 1250,
    output: { message: 'Add a line', confidence: 0.9, rawResponse: 'Add a line', tokensUsed: 2 },
  };
}

/** What a run that failed has more; trying again can help. */
export function failed(error: Partial<RunError> = {}): Partial<AgentRun> {
  return {
    status: 'FAILED',
    completedAt: new Date('2026-03-02T08:00:00.250Z'),
    duration: 750,
    error: { code: 'RATE_LIMIT', message: 'slow down', recoverable: true, ...error },
  };
}
