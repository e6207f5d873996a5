import type { AgentRun } from '../src/domain/run.ts';
import { uuidV7 } from '../src/domain/run-id.ts';
import { mulberry32, type Random } from './random.ts';
import { commitSubjects, diff, log, sentences } from './sample-text.ts';

/** Runs so many from the start carry what no other run does: the rare values of a filter. */
export const RARE_RUNS = 20;
/** Runs of one conversation. */
export const SESSION_RUNS = 10;
const FIRST_START = Date.parse('2026-01-05T08:00:00.000Z');
const ERROR_CODES = ['TIMEOUT', 'TIMEOUT', 'RATE_LIMIT', 'TOOL_FAILED'] as const;
const TAGS = ['nightly', 'review', 'hotfix', 'docs', 'refactor'] as const;

/** Runs without steps, about 7.5 KB each, one a minute; run `n` is the same whatever the count. */
export function* sampleRuns(count: number, first = 0): Generator<AgentRun, void, undefined> {
  for (let number = first; number < first + count; number += 1) {
    // Texts that were read from a file or a socket are flat; those glued together here are not.
    yield JSON.parse(JSON.stringify(sampleRun(number)));
  }
}

/** The id of run `n`. */
export function sampleId(number: number): string {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, Math.imul(number + 1, 0x9e3779b1));
  return uuidV7(startOf(number), random);
}

/** The session of run `n`. */
export function sampleSession(number: number): string {
  return `session-${Math.floor(number / SESSION_RUNS)}`;
}

function sampleRun(number: number): AgentRun {
  const random = mulberry32(number);
  const isRare = number < RARE_RUNS;
  const isFailed = isRare || random() < 0.2;
  const duration = Math.round(2000 + random() * 90_000);
  return {
    id: sampleId(number),
    repository: `team-${number % 2}/service-${number % 10}`,
    status: isFailed ? 'FAILED' : 'SUCCESS',
    startedAt: new Date(startOf(number)).toISOString(),
    completedAt: new Date(startOf(number) + duration).toISOString(),
    duration,
    input: {
      prompt: sentences(random, 1300),
      diff: diff(random, 2500),
      recentCommits: commitSubjects(random, 5),
      model: 'claude-opus-4',
      temperature: 0.7,
    },
    ...(isFailed ? { error: failure(random, isRare) } : { output: answer(random) }),
    retryCount: 0,
    agent: isRare ? 'rare-agent' : `agent-${number % 4}`,
    sessionId: sampleSession(number),
    branch: `feature/${number % 50}`,
    tags: [isRare ? 'rare-tag' : pick(TAGS, random), `week-${number % 7}`],
    costMicroUsd: Math.round(random() * 300_000),
  };
}

function answer(random: Random): NonNullable<AgentRun['output']> {
  return {
    message: sentences(random, 350),
    confidence: 0.87,
    rawResponse: log(random, 2300),
    tokensUsed: Math.round(1000 + random() * 40_000),
  };
}

function failure(random: Random, isRare: boolean): NonNullable<AgentRun['error']> {
  return {
    code: isRare ? 'RARE' : pick(ERROR_CODES, random),
    message: sentences(random, 150),
    stackTrace: log(random, 2500),
    recoverable: true,
  };
}

function startOf(number: number): number {
  return FIRST_START + number * 60_000;
}

function pick<T>(list: readonly [T, ...T[]], random: Random): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}
