import fc from 'fast-check';
import { idOf, startOf } from '../../../src/conformance/make-run.ts';
import { EDGE_TEXTS, largeText } from '../../../src/conformance/samples/text-samples.ts';
import type { JsonValue } from '../../../src/domain/json.ts';
import { normalizeRun } from '../../../src/domain/normalize-run.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import { RUN_STATUSES } from '../../../src/domain/status.ts';

/** Any string that JavaScript can hold: UTF-16 units in any order, lone surrogates among them. */
export const anyText = fc.oneof(
  fc.constantFrom(...Object.values(EDGE_TEXTS)),
  fc.constantFrom('retry the report', 'getRunsByRepository', 'src/run-storage.ts failed', 'a', 'b'),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
);

/** Large enough to be kept apart from its row, and not many of them, so that they repeat. */
const anyLargeText = fc.constantFrom(largeText(3000), largeText(9000), `${largeText(3000)}\u0000`);

/** Any JSON value, with large texts and edge texts in it. */
export const anyJson = fc.letrec<{ value: JsonValue; text: string }>((tie) => ({
  text: fc.oneof({ weight: 5, arbitrary: anyText }, { weight: 1, arbitrary: anyLargeText }),
  value: fc.oneof(
    { depthSize: 'small' },
    tie('text'),
    fc.constantFrom<JsonValue>(null, true, false, 0, -0, 1e-7, 1e21, 2 ** 53, '$content'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(anyText, fc.constantFrom('__proto__', 'toString')), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value;

/** One of a few, so that runs meet in filters. */
const few = <T>(...values: T[]) => fc.constantFrom(...values);
const amount = fc.oneof(fc.nat(), few(0, 2 ** 53 - 1));
const maybeAmount = fc.option(amount);
const duration = fc.oneof(fc.integer(), few(0, -1));
const anyId = fc.nat({ max: 9 }).map(idOf);
const anyStart = fc.nat({ max: 20 }).map(startOf);

const anyUsage = fc.record({
  inputTokens: maybeAmount,
  cacheReadTokens: maybeAmount,
  cacheWrite5mTokens: maybeAmount,
  cacheWrite1hTokens: maybeAmount,
  outputTokens: maybeAmount,
  reasoningTokens: maybeAmount,
});

const anyStep = fc.record(
  {
    kind: few('model_call', 'tool_call', 'message', 'event'),
    name: anyText,
    status: few('RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED'),
    startedAt: anyStart,
    duration,
    usage: anyUsage,
    input: anyJson,
    output: anyJson,
    error: anyJson,
    unknownInStep: anyJson,
  },
  { requiredKeys: ['kind'] },
);

/** What a caller may say of a run beyond its id: all of it valid, in every shape. */
export const anyRunFields = fc.record(
  {
    repository: few('acme/app', 'acme/api', 'café', 'cafe\u0301', '\ud800', 'nul\u0000'),
    // Queued and failed ones are what claim and retry look for.
    status: few(...RUN_STATUSES, 'QUEUED', 'FAILED', 'FAILED'),
    startedAt: anyStart,
    completedAt: anyStart,
    duration,
    input: fc.record(
      {
        prompt: fc.oneof({ weight: 4, arbitrary: anyText }, { weight: 1, arbitrary: anyLargeText }),
        diff: anyText,
        recentCommits: fc.array(anyText, { maxLength: 2 }),
        model: few('large-1', 'small-2', null),
        temperature: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        unknownInInput: anyJson,
      },
      { requiredKeys: ['prompt'] },
    ),
    output: fc.record(
      { message: anyText, rawResponse: anyLargeText, tokensUsed: maybeAmount, extra: anyJson },
      { requiredKeys: ['message'] },
    ),
    error: fc.record(
      {
        code: few('TIMEOUT', 'RATE_LIMIT', ''),
        message: anyText,
        recoverable: few(true, true, false),
        stackTrace: anyText,
      },
      { requiredKeys: ['code', 'message', 'recoverable'] },
    ),
    retryCount: fc.nat({ max: 3 }),
    parentRunId: anyId,
    agent: few('coder', 'reviewer', ''),
    sessionId: anyText,
    callerRunId: anyId,
    branch: few('main', 'b\ud800'),
    tags: fc.array(few('nightly', 'release', 'a\u0000b'), { maxLength: 3 }),
    metadata: fc.dictionary(anyText, anyJson, { maxKeys: 2, noNullPrototype: true }),
    usage: anyUsage,
    costMicroUsd: amount,
    steps: fc.array(anyStep, { maxLength: 4 }),
    source: fc.record({ key: anyText, location: anyText }, { requiredKeys: ['key'] }),
    statusSource: few('recorded', 'inferred'),
    unknownInRun: anyJson,
  },
  { requiredKeys: ['repository', 'status', 'startedAt', 'input'] },
) as fc.Arbitrary<Omit<AgentRun, 'id'>>;

/** Any run in normal form. */
export const anyRun: fc.Arbitrary<AgentRun> = fc
  .tuple(anyId, anyRunFields)
  .map(([id, fields]) => normalizeRun({ id, ...fields }));
