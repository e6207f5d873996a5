import { normalizeRun } from '../../domain/normalize-run.ts';
import type { AgentRun } from '../../domain/run.ts';
import { idOf, inputOf, makeRun, RECOVERABLE } from '../make-run.ts';
import type { Sample } from './sample.ts';

/** Runs as people have them: with little said, with much said, failed, imported. */
export const ORDINARY_SAMPLES: readonly Sample[] = [
  { name: 'a plain run', make: () => makeRun(1001) },
  { name: 'a queued run', make: () => makeRun(1002, { status: 'QUEUED' }) },
  { name: 'a failed run', make: failed },
  { name: 'every optional field', make: everything },
  { name: 'every optional field empty', make: everythingEmpty },
  { name: 'usage of which nothing is known', make: () => makeRun(1006, { usage: UNKNOWN_USAGE }) },
];

const UNKNOWN_USAGE = {
  inputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  outputTokens: null,
  reasoningTokens: null,
};

function failed(): AgentRun {
  return makeRun(1003, {
    status: 'FAILED',
    completedAt: '2026-03-01T12:30:00.123Z',
    duration: 1_200_123,
    error: { ...RECOVERABLE, stackTrace: 'Error: slow down\n    at send (client.ts:12:3)' },
  });
}

function everything(): AgentRun {
  return normalizeRun({
    id: idOf(1004),
    repository: 'acme/payments',
    status: 'SUCCESS',
    startedAt: '2026-03-01T09:00:00.001Z',
    completedAt: '2026-03-01T09:00:42.500Z',
    duration: 42_499,
    input: {
      prompt: 'Write a commit message for this change.',
      diff: '--- a/pay.ts\n+++ b/pay.ts\n@@ -1 +1 @@\n-const fee = 0\n+const fee = 1\n',
      recentCommits: ['Add the fee', 'Fix the tests', ''],
      model: 'large-1',
      temperature: 0.2,
    },
    output: {
      message: 'Charge a fee of one',
      confidence: 0.93,
      reasoning: 'The constant went from 0 to 1.',
      rawResponse: '{"message":"Charge a fee of one"}',
      tokensUsed: 1234,
    },
    error: { code: 'WARNED', message: 'went on all the same', stackTrace: '', recoverable: false },
    retryCount: 2,
    parentRunId: idOf(1),
    agent: 'coder',
    sessionId: 'session-7',
    callerRunId: idOf(2),
    branch: 'feature/fee',
    workingDirectory: '/home/ann/payments',
    tags: ['release', 'a tag with spaces', 'z'],
    metadata: { ticket: 'PAY-7', nested: { list: [1, null, true, 'x', { deep: [] }] }, empty: {} },
    usage: {
      inputTokens: 100,
      cacheReadTokens: 2000,
      cacheWrite5mTokens: 30,
      cacheWrite1hTokens: 4,
      outputTokens: 500,
      reasoningTokens: 60,
    },
    costMicroUsd: 12_345,
    steps: [
      {
        kind: 'model_call',
        name: 'plan',
        model: 'large-1',
        status: 'SUCCESS',
        startedAt: '2026-03-01T09:00:01.000Z',
        duration: 900,
        usage: { ...UNKNOWN_USAGE, inputTokens: 12, outputTokens: 0 },
        input: [{ role: 'user', content: 'Write a commit message for this change.' }],
        output: 'I shall read the change.',
      },
      {
        kind: 'tool_call',
        name: 'read_file',
        status: 'FAILED',
        input: { path: 'pay.ts' },
        output: null,
        error: { code: 'ENOENT' },
      },
      { kind: 'message', name: 'assistant', output: '' },
      { kind: 'event' },
    ],
    source: { key: 'prompt-77', location: '/var/log/agent/77.jsonl' },
    statusSource: 'inferred',
  });
}

function everythingEmpty(): AgentRun {
  return makeRun(1005, {
    input: inputOf(''),
    output: { message: '', confidence: 0, reasoning: '', rawResponse: '', tokensUsed: 0 },
    error: { code: '', message: '', stackTrace: '', recoverable: false },
    duration: 0,
    agent: '',
    sessionId: '',
    branch: '',
    workingDirectory: '',
    tags: [],
    metadata: {},
    costMicroUsd: 0,
    steps: [],
    source: { key: '', location: '' },
    statusSource: 'recorded',
  });
}
