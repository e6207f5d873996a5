import { expect, test } from 'vitest';
import { agent, at, chat, runsOf, said, span, spanId, text, tool } from './traces.ts';

const TRACE = 'f'.repeat(32);

test('an agent’s span is a run, with what was done under it', async () => {
  const [run, ...others] = await runsOf([
    span(1, 0, { 'gen_ai.conversation.id': 'talk-1', 'http.route': '/chat' }),
    span(2, 1, agent('till', { 'gen_ai.agent.id': 'a-1' }), { endTimeUnixNano: undefined }),
    span(3, 2, chat(10, 4, said('How much?', 'I look.'))),
    span(4, 2, { 'rpc.system': 'grpc' }),
    span(
      5,
      4,
      tool('sum', { 'gen_ai.tool.call.arguments': '{"a":1}', 'gen_ai.tool.call.result': '3' }),
    ),
    span(6, 2, chat(20, 5, { ...said('How much?', 'Three.'), 'gen_ai.response.model': 'gpt-5-1' })),
    span(2, 1, agent('till', { 'gen_ai.agent.id': 'a-1', 'gen_ai.agent.version': '2' }), {
      endTimeUnixNano: String(BigInt(span(9, 0).endTimeUnixNano as string) + 999_999n),
    }),
  ]);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    ...{ startedAt: at(20), completedAt: at(95), duration: 75, repository: 'till' },
    ...{ status: 'SUCCESS', statusSource: 'inferred', agent: 'otlp' },
    input: { prompt: 'How much?', model: 'gpt-5' },
    output: { message: 'Three.' },
    metadata: { agentName: 'till', agentId: 'a-1', agentVersion: '2' },
    source: { key: `${TRACE}:${spanId(2)}` },
    usage: { inputTokens: 30, outputTokens: 9, cacheReadTokens: null },
    steps: [
      { kind: 'model_call', model: 'gpt-5', startedAt: at(30), duration: 5, status: 'SUCCESS' },
      { kind: 'tool_call', name: 'sum', input: { a: 1 }, output: '3', status: 'SUCCESS' },
      { kind: 'model_call', model: 'gpt-5-1', output: { text: 'Three.' } },
    ],
  });
  expect(run?.steps).toHaveLength(3);
});

test('an agent that another started is a run of its own', async () => {
  const runs = await runsOf([
    span(1, 0, agent('clerk', { 'gen_ai.conversation.id': 'talk-1' })),
    span(2, 1, tool('ask')),
    span(3, 2, agent('till')),
    span(4, 3, chat(5, 1, said('Sum it', 'Three.'))),
    span(5, 1, chat(7, 2, said('How much?', 'It is three.'))),
  ]);
  expect(runs).toMatchObject([
    { input: { prompt: 'How much?' }, usage: { inputTokens: 7 }, sessionId: 'talk-1' },
    { input: { prompt: 'Sum it' }, usage: { inputTokens: 5 }, callerRunId: runs[0]?.id },
  ]);
  expect(runs.map(({ steps }) => steps?.length)).toEqual([2, 1]);
});

test('an agent that did nothing but start another is a run as well', async () => {
  const runs = await runsOf([
    span(1, 0, agent('desk')),
    span(2, 1, {}),
    span(3, 2, agent('till')),
    span(4, 3, chat(5, 1)),
  ]);
  expect(runs).toMatchObject([{ metadata: { agentName: 'desk' } }, { callerRunId: runs[0]?.id }]);
});

test('work under no agent is one run of its topmost span', async () => {
  const runs = await runsOf([
    span(1, 0, { 'http.route': '/chat' }),
    span(2, 1, chat(5, 1, said('Sum it', 'Three.'))),
    span(3, 1, chat(6, 1, said('Again', 'Three again.'))),
    span(4, 0, chat(7, 1), { traceId: 'e'.repeat(32), parentSpanId: spanId(4) }),
  ]);
  expect(runs).toMatchObject([
    {
      usage: { inputTokens: 11 },
      input: { prompt: 'Sum it' },
      source: { key: `${TRACE}:${spanId(1)}` },
    },
    { usage: { inputTokens: 7 }, metadata: { hasPrompt: false } },
  ]);
});

test('usage counts once, where it is stated innermost', async () => {
  const usage = async (spans: Parameters<typeof runsOf>[0]) => {
    const [run] = await runsOf([span(1, 0, agent('till', chat(99, 9, agent('till')))), ...spans]);
    return [run?.usage?.inputTokens, run?.steps?.map(({ usage: own }) => own?.inputTokens)];
  };
  // Wrappers repeat what the innermost says.
  const wrapped = [
    span(2, 1, chat(5, 1)),
    span(3, 2, chat(5, 1)),
    span(4, 3, {}),
    span(5, 4, chat(5, 1)),
  ];
  expect(await usage(wrapped)).toEqual([5, [5]]);
  // The innermost says nothing.
  expect(await usage([span(2, 1, chat(5, 1)), span(3, 2, chat())])).toEqual([5, [5]]);
  const twice = [span(2, 1, chat(6, 1)), span(3, 2, chat(5, 1)), span(4, 3, chat())];
  expect(await usage(twice)).toEqual([5, [5]]);
  // A call that failed, and again: the sum is that of the one that did not.
  const failed = { status: { code: 2 } };
  const retried = [span(2, 1, chat(5, 1)), span(3, 2, chat()), span(4, 2, chat(), failed)];
  expect(await usage(retried)).toEqual([5, [5, undefined]]);
  // A tool within a wrapper has calls of its own.
  const nested = [span(2, 1, chat(5, 1)), span(3, 2, tool('ask')), span(4, 3, chat(7, 1))];
  expect(await usage(nested)).toEqual([12, [5, undefined, 7]]);
  // Only the agent states it.
  expect(await usage([span(2, 1, tool('ask'))])).toEqual([99, [undefined]]);
  // Another agent within states it too.
  const inner = [span(2, 1, agent('sum', chat(5, 1, agent('sum')))), span(3, 2, tool('add'))];
  expect(await usage(inner)).toEqual([undefined, []]);
});

test('tokens are parted, by names of today and of before', async () => {
  const usage = async (attributes: Record<string, unknown>) => {
    const [run] = await runsOf([span(1, 0, { 'gen_ai.operation.name': 'chat', ...attributes })]);
    return run?.usage;
  };
  expect(
    await usage({
      ...{ 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 },
      ...{ 'gen_ai.usage.cache_read.input_tokens': 60, 'gen_ai.usage.reasoning.output_tokens': 5 },
      'gen_ai.usage.cache_creation.input_tokens': 30,
    }),
  ).toEqual({
    ...{ inputTokens: 10, cacheReadTokens: 60, cacheWrite5mTokens: 30, cacheWrite1hTokens: null },
    ...{ outputTokens: 15, reasoningTokens: 5 },
  });
  const older = { 'gen_ai.usage.prompt_tokens': '100', 'gen_ai.usage.completion_tokens': 20 };
  expect(await usage(older)).toMatchObject({ inputTokens: 100, outputTokens: 20 });
  const inference = {
    'llm.token_count.prompt': 100,
    'llm.token_count.prompt_details.cache_read': 1,
  };
  expect(await usage(inference)).toMatchObject({ inputTokens: 99, outputTokens: null });
  const without = { 'gen_ai.usage.input_tokens': 3, 'gen_ai.usage.cache_read_input_tokens': 60 };
  expect(await usage(without)).toMatchObject({ inputTokens: 3, cacheReadTokens: 60 });
  expect(await usage({})).toBeUndefined();
});

test('cost is known where each call states it', async () => {
  const cost = (usd: number) => [{ key: 'gen_ai.usage.cost', value: { doubleValue: usd } }];
  const [all] = await runsOf([
    span(1, 0, agent('till')),
    span(
      2,
      1,
      {},
      { attributes: [...cost(0.000012), ...(span(0, 0, chat(1, 1)).attributes as [])] },
    ),
    span(3, 1, {}, { attributes: [...cost(0.5), ...(span(0, 0, chat(1, 1)).attributes as [])] }),
  ]);
  expect(all?.costMicroUsd).toBe(500_012);
  const [some] = await runsOf([
    span(1, 0, agent('till')),
    span(2, 1, {}, { attributes: [...cost(0.5), ...(span(0, 0, chat(1, 1)).attributes as [])] }),
    span(3, 1, chat(1, 1)),
  ]);
  expect(some?.costMicroUsd).toBeUndefined();
});

test('status is what the run’s own span says, or how its last call ended', async () => {
  const failed = { status: { code: 2, message: 'rate limited' } };
  const status = async (own: object, last: object, attributes = {}) => {
    const [run] = await runsOf([
      span(1, 0, agent('till', attributes), own as Record<string, unknown>),
      span(2, 1, chat(1, 1), failed),
      span(3, 1, tool('sum', { 'error.type': 'timeout' })),
      span(4, 1, chat(), last as Record<string, unknown>),
    ]);
    return [run?.status, run?.error?.code, run?.error?.message, run?.statusSource];
  };
  expect(await status({}, {})).toEqual(['SUCCESS', undefined, undefined, 'inferred']);
  expect(await status({ status: { code: 1 } }, failed)).toEqual([
    ...['SUCCESS', undefined, undefined, 'recorded'],
  ]);
  const error = ['FAILED', 'MODEL_ERROR', 'rate limited', 'inferred'];
  expect(await status({}, failed)).toEqual(error);
  const answered = { 'gen_ai.output.messages': JSON.stringify([text('assistant', 'Three.')]) };
  expect(await status({}, failed, answered)).toEqual(['SUCCESS', undefined, undefined, 'inferred']);
  const own = { status: { code: 'STATUS_CODE_ERROR' } };
  expect(await status(own, {}, { 'error.type': 'Quota' })).toEqual([
    ...['FAILED', 'AGENT_ERROR', 'Quota', 'recorded'],
  ]);
  const open = { endTimeUnixNano: '0' };
  expect((await status(open, {}))[1]).toBe('UNFINISHED');
});

test('failed calls say why', async () => {
  const event = {
    name: 'exception',
    attributes: [{ key: 'exception.message', value: { stringValue: 'No such file.' } }],
  };
  const [run] = await runsOf([
    span(1, 0, agent('till')),
    span(2, 1, tool('read', { 'error.type': 'ENOENT' }), { events: [event] }),
    span(3, 1, { 'gen_ai.operation.name': 'retrieval' }, { name: 'retrieval docs' }),
  ]);
  expect(run?.steps).toMatchObject([
    { status: 'FAILED', error: { type: 'ENOENT', message: 'No such file.' } },
    { kind: 'event', name: 'retrieval docs' },
  ]);
});

test('what was said is read in each form', async () => {
  const forms: Record<string, unknown>[] = [
    said('How much?', 'Three.'),
    {
      'gen_ai.input.messages': [text('user', 'How much?')],
      'gen_ai.output.messages': [text('assistant', 'Three.')],
    },
    {
      ...{ 'gen_ai.prompt.0.role': 'system', 'gen_ai.prompt.0.content': 'Be brief.' },
      ...{ 'gen_ai.prompt.1.role': 'user', 'gen_ai.prompt.1.content': 'How much?' },
      ...{ 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.content': 'Three.' },
    },
    {
      ...{ 'gen_ai.prompt.0.role': 'user', 'gen_ai.completion.0.content': 'Three.' },
      'gen_ai.prompt.0.content': JSON.stringify([
        { type: 'text', text: 'How much?' },
        { type: 'image' },
      ]),
    },
    {
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'How much?',
      'llm.output_messages.0.message.content': 'Three.',
    },
    {
      'gcp.vertex.agent.llm_request': JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: 'How much?' }] }],
      }),
      'gcp.vertex.agent.llm_response': JSON.stringify({
        content: { role: 'model', parts: [{ text: 'Three.' }] },
      }),
    },
    { 'input.value': 'How much?', 'output.value': 'Three.' },
  ];
  for (const form of forms) {
    const [run] = await runsOf([span(1, 0, agent('till')), span(2, 1, chat(1, 1, form))]);
    expect([run?.input.prompt, run?.output?.message]).toEqual(['How much?', 'Three.']);
  }
  const spoken = (name: string, content: unknown) => ({
    name,
    attributes: [
      { key: name.endsWith('choice') ? 'message' : 'content', value: { stringValue: content } },
    ],
  });
  const events = [
    spoken('gen_ai.user.message', 'How much?'),
    spoken('gen_ai.choice', JSON.stringify({ content: 'Three.' })),
  ];
  const [run] = await runsOf([span(1, 0, agent('till')), span(2, 1, chat(1, 1), { events })]);
  expect([run?.input.prompt, run?.output?.message]).toEqual(['How much?', 'Three.']);
});

test('what the innermost span of a call does not say is taken from the others', async () => {
  const inner = { 'gen_ai.operation.name': 'chat', 'gen_ai.response.model': 'gpt-5-1' };
  const [run] = await runsOf([
    span(1, 0, agent('till')),
    span(2, 1, chat(1, 1, said('How much?', 'Three.'))),
    span(3, 2, inner),
  ]);
  expect(run).toMatchObject({
    ...{ input: { prompt: 'How much?', model: 'gpt-5-1' }, output: { message: 'Three.' } },
    steps: [{ startedAt: at(30), output: { text: 'Three.' } }],
  });
});

test('thoughts are apart from what was said', async () => {
  const parts = [
    { type: 'reasoning', content: 'One and two.' },
    { type: 'text', content: 'Three.' },
    { type: 'tool_call', name: 'sum', content: 'x' },
  ];
  const output = { 'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts }]) };
  const [run] = await runsOf([span(1, 0, agent('till')), span(2, 1, chat(1, 1, output))]);
  expect(run?.steps?.[0]?.output).toEqual({ thinking: 'One and two.', text: 'Three.' });
});

test('one call of a tool in two spans is one', async () => {
  const id = { 'gen_ai.tool.call.id': 'call-1' };
  const [run] = await runsOf([
    span(1, 0, agent('till')),
    span(2, 1, tool('sum', id)),
    span(3, 2, tool('sum', id)),
    span(4, 2, tool('add', id)),
  ]);
  expect(run?.steps?.map(({ name }) => name)).toEqual(['sum', 'add']);
});
