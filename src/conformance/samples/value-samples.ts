import type { JsonValue } from '../../domain/json.ts';
import { normalizeRun } from '../../domain/normalize-run.ts';
import type { AgentRun } from '../../domain/run.ts';
import { idOf, inputOf, makeRun, outputOf } from '../make-run.ts';
import type { Sample } from './sample.ts';

/** Numbers, times and structures at their limits. */
export const VALUE_SAMPLES: readonly Sample[] = [
  { name: 'numbers at their limits', make: numbers },
  { name: 'a duration below zero', make: () => makeRun(1201, { duration: -1500 }) },
  { name: 'the largest duration', make: () => makeRun(1202, { duration: 2 ** 53 - 1 }) },
  { name: 'the smallest duration', make: () => makeRun(1203, { duration: -(2 ** 53 - 1) }) },
  { name: 'the first moment', make: () => at(1204, '0001-01-01T00:00:00.000Z') },
  { name: 'the last moment', make: () => at(1205, '9999-12-31T23:59:59.999Z') },
  { name: 'a moment before 1970', make: () => at(1206, '1969-12-31T23:59:59.999Z') },
  { name: 'one of two runs in one millisecond', make: () => at(1207, SAME_MOMENT) },
  { name: 'the other of two runs in one millisecond', make: () => at(1208, SAME_MOMENT) },
  { name: 'unknown fields at every level', make: unknownFields },
  { name: 'objects that look like references of a store', make: lookAlikes },
  { name: 'a step of each kind with null in it', make: nulls },
  { name: 'a run of the smallest id', make: () => withId('00000000-0000-0000-0000-000000000000') },
  { name: 'a run of the largest id', make: () => withId('ffffffff-ffff-ffff-ffff-ffffffffffff') },
  { name: 'deep nesting', make: deep },
];

const SAME_MOMENT = '2026-03-02T00:00:00.000Z';

function at(number: number, moment: string): AgentRun {
  return makeRun(number, {
    startedAt: moment,
    completedAt: moment,
    steps: [{ kind: 'event', startedAt: moment }],
  });
}

function withId(id: string): AgentRun {
  return makeRun(0, { id, parentRunId: id, callerRunId: id });
}

function numbers(): AgentRun {
  const values = [-0, 0, 1e-7, 1e21, 2 ** 53 - 1, 2 ** 53 + 2, 5e-324, 1.7976931348623157e308, 0.1];
  return makeRun(1200, {
    input: { ...inputOf('numbers'), temperature: -0 },
    output: { ...outputOf('numbers'), confidence: 1e-7, tokensUsed: 2 ** 53 - 1 },
    costMicroUsd: 2 ** 53 - 1,
    retryCount: 2 ** 31,
    usage: {
      inputTokens: 2 ** 53 - 1,
      cacheReadTokens: 0,
      cacheWrite5mTokens: null,
      cacheWrite1hTokens: 0,
      outputTokens: 1,
      reasoningTokens: null,
    },
    metadata: { values, one: 1, oneAgain: 1.0, minus: -1e21 },
    steps: [{ kind: 'event', duration: -7, input: values, output: 1e-7, error: -0 }],
  });
}

/** As text, because in a literal `__proto__` would set the prototype instead. */
const UNKNOWN = String.raw`"__proto__":{"polluted":true},"constructor":1,"toString":"x",
  "hasOwnProperty":null,"":"empty","10":"ten","9":"nine","extra":{"__proto__":[{"__proto__":0}]},
  "\u0000":"\u0000","\ud800":"\udfff","\ue000":"\ue000x","list":[[],{},[null]],
  "aDate":"2026-03-01T12:00:00+02:00"`;

function unknownFields(): AgentRun {
  const run: unknown = JSON.parse(`{
    "id": "${idOf(1209)}", "repository": "acme/app", "status": "FAILED", ${UNKNOWN},
    "startedAt": "${SAME_MOMENT}",
    "input": { "prompt": "unknown fields", ${UNKNOWN} },
    "output": { "message": "kept", ${UNKNOWN} },
    "error": { "code": "E", "message": "failed", "recoverable": false, ${UNKNOWN} },
    "usage": { "inputTokens": 1, ${UNKNOWN} },
    "metadata": { ${UNKNOWN} },
    "steps": [
      { "kind": "model_call", "usage": { ${UNKNOWN} }, "input": { ${UNKNOWN} }, ${UNKNOWN} },
      { "kind": "event", ${UNKNOWN} }
    ],
    "source": { "key": "unknown fields", ${UNKNOWN} }
  }`);
  return normalizeRun(run);
}

/** A store that keeps large texts aside must not take these for its own references. */
function lookAlikes(): AgentRun {
  const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const values = ['$content', '$ref', '$text', 'sha256', 'contentId', 'hash', '$'].flatMap(
    (key) => [
      { [key]: hash },
      { [key]: { [key]: hash } },
      { [key]: null },
      `${key}:${hash}`,
      [key, hash],
    ],
  );
  return makeRun(1210, {
    input: inputOf(`{"$content":"${hash}"}`),
    metadata: { $content: hash, values },
    steps: [
      { kind: 'tool_call', input: { $content: hash }, output: { $content: hash, more: 1 } },
      { kind: 'tool_call', input: values, output: hash, error: { $content: 7 } },
    ],
  });
}

function nulls(): AgentRun {
  const inside = { input: null, output: null, error: null };
  return makeRun(1211, {
    metadata: { nothing: null },
    steps: [
      { kind: 'model_call', ...inside },
      { kind: 'tool_call', input: [null], output: { a: null }, error: false },
      { kind: 'message', output: [] },
      { kind: 'event', input: 0, output: '', error: {} },
    ],
  });
}

function deep(): AgentRun {
  let inside: JsonValue = 'bottom';
  for (let depth = 0; depth < 200; depth += 1) inside = depth % 2 === 0 ? [inside] : { inside };
  return makeRun(1212, { metadata: { inside }, steps: [{ kind: 'event', input: inside }] });
}
