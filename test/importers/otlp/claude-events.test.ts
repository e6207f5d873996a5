import { expect, test } from 'vitest';
import { otlp } from '../../../src/importers/otlp/otlp.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, WRITTEN, writtenFiles } from '../support/imported.ts';
import {
  type Attributes,
  at,
  attributeList,
  imported,
  nanoseconds,
  type RawSpan,
} from './traces.ts';

/** An event that had happened `number` x 10 ms after ten. */
function event(number: number, name: string, attributes: Attributes = {}): RawSpan {
  const common = { 'session.id': 'session-a', 'prompt.id': 'prompt-a', 'event.sequence': number };
  return {
    timeUnixNano: nanoseconds(number * 10),
    body: { stringValue: `claude_code.${name}` },
    attributes: attributeList({ 'event.name': name, ...common, ...attributes }),
  };
}

function logs(records: readonly RawSpan[]): string {
  const attributes = attributeList({ 'service.name': 'claude-code', 'service.version': '2.1.0' });
  return JSON.stringify({
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: records }] }],
  });
}

const request = (number: number, attributes: Attributes = {}) =>
  event(number, 'api_request', {
    ...{ model: 'claude-opus-4-6', duration_ms: '5', cost_usd: '0.25', input_tokens: '10' },
    ...{ output_tokens: 4, cache_read_tokens: 100, cache_creation_tokens: 20, ...attributes },
  });

const EVENTS = [
  event(1, 'user_prompt', { prompt: 'How much?', prompt_length: '9' }),
  request(2),
  event(3, 'tool_result', { tool_name: 'Bash', success: 'false', duration_ms: 3, error: 'gone' }),
  event(4, 'api_error', { error: 'overloaded', status_code: '529', attempt: 1 }),
  request(5),
];

test('what happened for one prompt is a run, with each request counted once', async () => {
  const files = { 'a.json': logs(EVENTS), 'b.jsonl': `${logs(EVENTS.slice(2))}\n` };
  const { runs, setAside, links } = await imported(files);
  expect(setAside).toEqual([]);
  expect(runs).toMatchObject([
    {
      ...{ startedAt: at(10), completedAt: at(50), duration: 40, status: 'SUCCESS' },
      ...{ statusSource: 'inferred', sessionId: 'session-a', repository: 'claude-code' },
      input: { prompt: 'How much?', model: 'claude-opus-4-6' },
      metadata: { agentName: 'Claude Code', agentVersion: '2.1.0' },
      usage: {
        ...{ inputTokens: 20, cacheReadTokens: 200, cacheWrite5mTokens: 40, outputTokens: 8 },
        ...{ cacheWrite1hTokens: null, reasoningTokens: null },
      },
      ...{ costMicroUsd: 500_000, source: { key: 'prompt-a' } },
      steps: [
        { kind: 'model_call', startedAt: at(15), duration: 5 },
        { kind: 'tool_call', name: 'Bash', status: 'FAILED', error: 'gone', startedAt: at(27) },
        { kind: 'event', name: 'api_error', error: 'overloaded' },
        { kind: 'model_call', usage: { inputTokens: 10 } },
      ],
    },
  ]);
  expect(links.get('a.json')).toEqual(['session session-a']);
  const named = writtenFiles(files);
  const [there, back] = [named, named.toReversed()].map((each) => importedBy(otlp, each));
  expect((await back)?.runs).toEqual((await there)?.runs);
});

test('events without the id of a prompt belong to the one before', async () => {
  const old = (number: number, name: string) => event(number, name, { 'prompt.id': '' });
  const events = [
    old(1, 'user_prompt'),
    old(2, 'api_error'),
    old(3, 'user_prompt'),
    old(4, 'tool_result'),
  ];
  const text = logs(events);
  const later = await imported({ 'a.json': text });
  expect(later.runs).toMatchObject([
    { status: 'FAILED', error: { code: 'API_ERROR' }, metadata: { hasPrompt: false } },
    { status: 'FAILED', error: { code: 'UNFINISHED' } },
  ]);
  const now = await imported({ 'a.json': text }, WRITTEN + 60_000);
  expect(now.runs.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
});

test('events that come one by one become what they are together', async () => {
  const more = [
    event(6, 'user_prompt', { 'prompt.id': 'prompt-b' }),
    request(7, { 'prompt.id': 'prompt-b' }),
  ];
  const text = [...EVENTS, ...more].map((each) => `${logs([each])}\n`).join('');
  expect(await growsAsWritten(otlp, { name: 'logs.jsonl', text })).toBe(2);
});

test('other logs are told of', async () => {
  const other = { body: { stringValue: 'GET /' }, attributes: [] };
  const { runs, setAside } = await imported({ 'a.jsonl': logs([other, 7 as never, ...EVENTS]) });
  expect(runs).toHaveLength(1);
  expect(setAside).toMatchObject([{ name: 'line 1', reason: expect.stringMatching(/^2 records/) }]);
});
