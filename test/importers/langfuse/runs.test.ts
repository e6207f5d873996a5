import { describe, expect, test } from 'vitest';
import { WRITTEN } from '../support/imported.ts';
import { at, type Fields, generation, observation, runOf } from './traces.ts';

test('a trace is a run', async () => {
  const about = { sessionId: 's', userId: 'ada', tags: ['b', 'a', 'b', 7], release: '1.2' };
  const run = await runOf(
    [
      observation(1, 'AGENT', { endTime: at(9) }),
      generation(2, { input: 10, output: 5, total: 15 }, { output: 'I look.' }),
      observation(3, 'TOOL', { name: 'execute_tool ls', input: '{"path":"."}', output: '["a"]' }),
      observation(4, 'SPAN', { input: 'x', output: 'y' }),
      generation(
        5,
        { input: 20, output: 7 },
        { output: [{ role: 'assistant', content: 'Done.' }] },
      ),
    ],
    { ...about, input: '"Look"', environment: 'default' },
  );
  expect(run).toMatchObject({
    ...{ agent: 'langfuse', repository: 'p1', sessionId: 's', tags: ['b', 'a'] },
    ...{ status: 'SUCCESS', startedAt: at(0), completedAt: at(9), statusSource: 'inferred' },
    ...{ costMicroUsd: 120_000, source: { key: 'trace-a' } },
    input: { prompt: 'Look', model: 'gpt-5' },
    output: { message: 'Done.' },
    usage: { inputTokens: 30, outputTokens: 12, cacheReadTokens: null, reasoningTokens: null },
    metadata: { traceName: 'shop', userId: 'ada', environment: 'default', agentVersion: '1.2' },
  });
  expect(run?.steps).toMatchObject([
    { kind: 'model_call', model: 'gpt-5', status: 'SUCCESS', duration: 1_000 },
    { kind: 'tool_call', name: 'ls', input: { path: '.' }, output: ['a'], startedAt: at(3) },
    { kind: 'event', name: 'span 4', input: 'x', output: 'y' },
    { kind: 'model_call', output: { text: 'Done.' } },
  ]);
});

describe('what counts', () => {
  test('a call that is told of at several levels counts innermost', async () => {
    const run = await runOf([
      observation(1, 'AGENT', { usageDetails: { input: 1, output: 1 }, totalCost: 9 }),
      generation(2, { input: 2, output: 2 }),
      generation(3, { input: 4, output: 4 }, { parentObservationId: 'o2' }),
      generation(4, { input: 8, output: 8 }),
      observation(5, 'TOOL', { parentObservationId: 'o4' }),
    ]);
    expect(run?.usage?.inputTokens).toBe(12);
    expect(run?.costMicroUsd).toBe(120_000);
    expect(run?.steps?.map(({ kind }) => kind)).toEqual(['model_call', 'model_call', 'tool_call']);
  });

  test('what hangs on each other in a ring is read', async () => {
    const ring = { parentObservationId: 'o3' };
    const run = await runOf([
      generation(2, { input: 2 }, ring),
      observation(3, 'SPAN', { parentObservationId: 'o2' }),
    ]);
    expect(run?.steps).toHaveLength(2);
  });

  test.each<[string, Fields, (number | null)[]]>([
    [
      'parts that are disjoint stay',
      { input: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 5, output: 3 },
      [10, 90, 5, null, 3, null],
    ],
    [
      'details are taken out where the total says that they are within',
      { input: 100, input_cached_tokens: 90, output: 30, output_reasoning_tokens: 20, total: 130 },
      [10, 90, null, null, 10, 20],
    ],
    [
      'parts that have no place of their own are input or output',
      { input: 10, input_audio: 5, output: 3, output_audio: 1, total: 19 },
      [15, null, null, null, 4, null],
    ],
    ['numbers may be text', { input: '10', output: 'many' }, [10, null, null, null, null, null]],
  ])('%s', async (_, usage, parts) => {
    const run = await runOf([generation(1, usage)]);
    expect(Object.values(run?.usage ?? {})).toEqual(parts);
  });

  test.each<[string, Fields, number | undefined]>([
    ['a model without a price is not free', { totalCost: 0 }, undefined],
    ['cost may be text', { totalCost: '0.5' }, 500_000],
    ['cost may stand in its details', { totalCost: null, costDetails: { total: 2 } }, 2_000_000],
  ])('%s', async (_, fields, cost) => {
    expect((await runOf([generation(1, { input: 1 }, fields)]))?.costMicroUsd).toBe(cost);
  });

  test('a trace whose observations are not there costs what it says', async () => {
    const run = await runOf([], { totalCost: 0.25, input: 'Look', output: 'Done.' });
    expect(run).toMatchObject({ costMicroUsd: 250_000, status: 'SUCCESS', startedAt: at(0) });
    expect(run).not.toHaveProperty('usage');
  });
});

describe('what was said', () => {
  const text = { type: 'text', text: 'Look' };
  test.each<[string, unknown]>([
    ['text', 'Look'],
    ['text in JSON in JSON', JSON.stringify(JSON.stringify('Look'))],
    [
      'messages',
      [
        { role: 'system', content: 'Be' },
        { role: 'user', content: 'Look' },
        { role: 'assistant', content: 'ok' },
      ],
    ],
    ['messages with parts', { messages: [{ role: 'user', content: [text] }] }],
    [
      'messages of LangChain',
      {
        messages: [
          { type: 'human', content: 'Look' },
          { type: 'ai', content: 'No' },
        ],
      },
    ],
    ['contents', { contents: [{ role: 'user', parts: [{ text: 'Look' }] }] }],
    ['arguments', { args: ['Look'] }],
    ['a prompt', { prompt: 'Look' }],
  ])('is found in %s', async (_, input) => {
    expect((await runOf([generation(1, {}, { input })]))?.input.prompt).toBe('Look');
  });

  test('an input that nobody said is given whole', async () => {
    const run = await runOf([observation(1, 'SPAN', { input: { order: 7 } })]);
    expect(run?.input.prompt).toBe('{"order":7}');
    expect((await runOf([observation(1, 'SPAN')]))?.metadata?.hasPrompt).toBe(false);
  });
});

describe('how it ended', () => {
  const failed = { level: 'ERROR', statusMessage: 'No till' };
  test.each<[string, Fields[], string, string | undefined]>([
    ['its first observation ended', [observation(1, 'SPAN')], 'SUCCESS', undefined],
    ['it failed', [observation(1, 'SPAN', failed)], 'FAILED', 'AGENT_ERROR'],
    [
      'a step failed',
      [observation(1, 'SPAN'), observation(2, 'TOOL', failed)],
      'SUCCESS',
      undefined,
    ],
    ['it did not end', [observation(1, 'SPAN', { endTime: null })], 'FAILED', 'UNFINISHED'],
  ])('%s', async (_, observations, status, code) => {
    const run = await runOf(observations);
    expect([run?.status, run?.error?.code]).toEqual([status, code]);
  });

  test('in an export of just now it may still be running', async () => {
    const open = [observation(1, 'SPAN', { endTime: null })];
    expect((await runOf(open, {}, WRITTEN + 9 * 60_000))?.status).toBe('RUNNING');
  });

  test('a failed step says why', async () => {
    const run = await runOf([observation(1, 'SPAN'), observation(2, 'TOOL', failed)]);
    expect(run?.steps?.[0]).toMatchObject({ status: 'FAILED', error: 'No till' });
  });
});
