import type { RunFilter } from '../domain/filter.ts';
import type { AgentRun } from '../domain/run.ts';
import { RUN_STATUSES } from '../domain/status.ts';
import { idOf, inputOf, makeRun, outputOf, startOf } from './make-run.ts';

const REPOSITORIES = ['acme/app', 'acme/api', 'ACME/app', 'café', 'cafe\u0301', 'with\u0000nul'];
const MODELS = ['large-1', 'small-2', null];
const WORDS = [
  'retry',
  'retries',
  'getRunsByRepository',
  'src/run-storage.ts',
  'timeout',
  'report',
];

/**
 * Runs that differ in everything that filters, statistics and searches look at; the same with each
 * call. Three share each start, so that the order by id counts too.
 */
export function population(count = 120): AgentRun[] {
  return Array.from({ length: count }, (_, number) => member(number));
}

/** Filters that say something about a population: each condition alone, several, none that match. */
export const POPULATION_FILTERS: readonly RunFilter[] = [
  {},
  ...RUN_STATUSES.map((status) => ({ status })),
  { status: ['FAILED', 'CANCELLED'] },
  { status: ['QUEUED', 'QUEUED'] },
  ...REPOSITORIES.map((repository) => ({ repository })),
  { repository: '' },
  { agent: 'coder' },
  { model: 'small-2' },
  { sessionId: 'session-3' },
  { branch: 'b\ud800' },
  { tag: 'nightly' },
  { tag: '' },
  { errorCode: 'TIMEOUT' },
  { parentRunId: idOf(1) },
  { parentRunId: idOf(1).toUpperCase() },
  { callerRunId: idOf(2) },
  { since: startOf(20) },
  { until: startOf(20) },
  { since: startOf(10), until: startOf(12) },
  { since: new Date(startOf(10)), until: '2026-03-01T14:00:30+02:00' },
  { since: startOf(20), until: startOf(10) },
  { repository: 'acme/app', status: ['SUCCESS', 'FAILED'], tag: 'nightly', since: startOf(5) },
  { repository: 'acme/app', agent: 'nobody' },
];

function member(number: number): AgentRun {
  const random = scrambled(number);
  const pick = <T>(values: readonly T[], salt: number): T | undefined =>
    values[scrambled(number + salt * 1009) % values.length];
  const status = pick(RUN_STATUSES, 1) ?? 'SUCCESS';
  const word = pick(WORDS, 2);
  const has = (salt: number) => scrambled(number + salt * 2003) % 2 === 0;
  return makeRun(number, {
    status,
    repository: pick(REPOSITORIES, 3) ?? '',
    startedAt: startOf(Math.floor(number / 3)),
    input: { ...inputOf(`Please ${word} it, case ${number % 10}`), model: pick(MODELS, 4) ?? null },
    ...(has(5) && { duration: (random % 100_000) - 500 }),
    ...(has(6) && {
      output: { ...outputOf(`about the ${pick(WORDS, 7)}`), tokensUsed: random % 999 },
    }),
    ...(status === 'FAILED' && {
      error: {
        code: has(8) ? 'TIMEOUT' : 'RATE_LIMIT',
        message: `${pick(WORDS, 9)} failed`,
        recoverable: has(10),
      },
    }),
    ...(has(11) && { agent: pick(['coder', 'reviewer'], 12) ?? '' }),
    ...(has(13) && { sessionId: `session-${random % 5}` }),
    ...(has(14) && { branch: pick(['main', 'b\ud800', ''], 15) ?? '' }),
    ...(has(16) && { tags: has(17) ? ['nightly', 'a\u0000b'] : ['release', 'nightly-not'] }),
    ...(has(18) && { parentRunId: idOf(random % 3), retryCount: 1 }),
    ...(has(19) && { callerRunId: idOf(random % 4) }),
    ...(has(20) && { costMicroUsd: random % 1_000_000 }),
    ...(has(21) && {
      usage: {
        inputTokens: random % 5000,
        cacheReadTokens: has(22) ? random % 9000 : null,
        cacheWrite5mTokens: has(23) ? 17 : null,
        cacheWrite1hTokens: has(24) ? 19 : null,
        outputTokens: has(25) ? random % 700 : null,
        reasoningTokens: has(26) ? random % 300 : null,
      },
    }),
    ...(has(27) && { statusSource: has(28) ? 'inferred' : 'recorded' }),
  });
}

/** A number that looks random and is always the same (the finalizer of MurmurHash3). */
function scrambled(number: number): number {
  let hash = number + 0x9e3779b9;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
