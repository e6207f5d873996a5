import { describe, expect, test } from 'vitest';
import { assistant, at, line, result, runsOf, text, tool, user, WRITTEN } from './transcripts.ts';

describe('model calls', () => {
  test('a message in several lines is one call, with the usage of its last line', async () => {
    const usage = {
      input_tokens: 3,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 40,
    };
    const [run] = await runsOf([
      user(1, 'Fix'),
      assistant(2, [{ type: 'thinking', thinking: 'Hm.' }], {
        id: 'm',
        usage: { ...usage, output_tokens: 1 },
      }),
      assistant(3, [tool('t1')], { id: 'm', usage: { ...usage, output_tokens: 5 } }),
      user(4, [result('t1', 'a\nb')]),
      assistant(5, [text('Done.')], { id: 'm', usage: { ...usage, output_tokens: 9 } }),
      assistant(6, [text('More.')], { id: 'n', usage: { input_tokens: '2', output_tokens: 4 } }),
    ]);
    const calls = run?.steps?.filter(({ kind }) => kind === 'model_call');
    expect(calls).toHaveLength(2);
    expect(calls?.[0]).toMatchObject({
      ...{ model: 'claude-opus-4-6', startedAt: at(2), output: { thinking: 'Hm.', text: 'Done.' } },
      usage: { outputTokens: 9 },
    });
    expect(run?.usage).toEqual({
      ...{ inputTokens: 5, cacheReadTokens: 100, cacheWrite5mTokens: 40, cacheWrite1hTokens: 0 },
      ...{ outputTokens: 13, reasoningTokens: null },
    });
    expect(run?.output?.message).toBe('More.');
  });

  test('cache writes are split as the source splits them', async () => {
    const split = { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 30 };
    const usage = { cache_creation_input_tokens: 40, cache_creation: split };
    const [run] = await runsOf([user(1, 'Fix'), assistant(2, [], { id: 'm', usage })]);
    expect(run?.usage).toMatchObject({
      cacheWrite5mTokens: 10,
      cacheWrite1hTokens: 30,
      inputTokens: null,
    });
  });

  test('another request with the same message id is another call', async () => {
    const usage = { output_tokens: 2 };
    const [run] = await runsOf([
      user(1, 'Fix'),
      assistant(2, [text('a')], { id: 'm', usage }),
      assistant(3, [text('b')], { id: 'm', usage }, { requestId: 'again' }),
      assistant(4, [text('c')], { usage }),
      assistant(5, [text('d')], { usage }),
    ]);
    expect(run?.usage?.outputTokens).toBe(8);
  });

  test('what Claude Code writes in a model’s place is no call', async () => {
    const none = assistant(2, [text('No response requested.')], {
      model: '<synthetic>',
      usage: {},
    });
    const [run] = await runsOf([user(1, 'Fix'), none]);
    expect(run?.steps?.map(({ kind }) => kind)).toEqual(['message']);
    expect(run).not.toHaveProperty('usage');
  });

  test('cost is known where each call states it', async () => {
    const calls = (second: object) => [
      user(1, 'Fix'),
      assistant(2, [text('a')], { id: 'm' }, { costUSD: 0.1 }),
      assistant(3, [text('b')], { id: 'n' }, { ...second }),
    ];
    expect((await runsOf(calls({ costUSD: 0.0200004 })))[0]?.costMicroUsd).toBe(120_000);
    expect((await runsOf(calls({})))[0]).not.toHaveProperty('costMicroUsd');
  });
});

describe('tool calls', () => {
  test('have input, result, error, start and duration', async () => {
    const [run] = await runsOf([
      user(1, 'Fix'),
      assistant(2, [tool('t1'), tool('t2'), tool('t3', 'Read', { path: 'x' })], { id: 'm' }),
      user(4, [result('t2', 'No such file', { is_error: true }), text('Try another')]),
      user(5, [result('t1', [text('a')])]),
      user(6, [result('t3', '<tool_use_error>File does not exist.</tool_use_error>')]),
      assistant(7, [text('Done.')], { id: 'n' }),
    ]);
    const [first, second, third] = run?.steps?.filter(({ kind }) => kind === 'tool_call') ?? [];
    expect(first).toEqual({
      ...{ kind: 'tool_call', name: 'Bash', status: 'SUCCESS', startedAt: at(2), duration: 3_000 },
      ...{ input: { command: 'ls' }, output: [text('a')] },
    });
    expect(second).toMatchObject({ status: 'FAILED', error: 'No such file', duration: 2_000 });
    expect(third).toMatchObject({ name: 'Read', status: 'FAILED' });
    expect(run?.status).toBe('SUCCESS');
    expect(run?.steps?.some(({ input }) => input === 'Try another')).toBe(true);
  });

  test('that are written twice under other ids of lines are one, with the first result', async () => {
    const [run] = await runsOf([
      user(1, 'Fix'),
      assistant(2, [tool('t1')], { id: 'm' }),
      user(3, [result('t1', 'first')]),
      assistant(4, [tool('t1')], { id: 'm' }),
      user(5, [result('t1', 'second')]),
    ]);
    const calls = run?.steps?.filter(({ kind }) => kind === 'tool_call');
    expect(calls).toMatchObject([{ output: 'first', duration: 1_000 }]);
  });

  test('without ids they are answered in order', async () => {
    const [run] = await runsOf([
      user(1, 'Fix'),
      assistant(2, [{ type: 'tool_use', name: 'bash' }], {}),
      user(3, [{ type: 'tool_result', content: 'ok' }], { isMeta: true }),
    ]);
    expect(run?.steps?.at(-1)).toMatchObject({ name: 'bash', output: 'ok', status: 'SUCCESS' });
  });

  test('a result whose call is not in the file is an event', async () => {
    const [run] = await runsOf([user(3, [result('gone', 'ok')])]);
    expect(run?.steps).toEqual([
      { kind: 'event', name: 'tool-result', output: 'ok', startedAt: at(3) },
    ]);
  });
});

describe('status', () => {
  const prompt = user(1, 'Fix');
  const called = assistant(2, [tool('t1')], { id: 'm' });
  const answered = assistant(3, [text('Done.')], { id: 'n' });
  const stop = user(4, [text('[Request interrupted by user for tool use]')]);
  const failure = assistant(
    5,
    [text('API Error: 529')],
    { model: '<synthetic>' },
    { isApiErrorMessage: true },
  );
  const retry = line(6, { type: 'system', subtype: 'api_error', error: { cause: 'ECONNRESET' } });

  test.each([
    ['an answer', [prompt, called, answered], 'SUCCESS', undefined],
    [
      'an answer, then a command',
      [prompt, answered, user(4, '<command-name>/exit</command-name>')],
      'SUCCESS',
      undefined,
    ],
    ['an interruption', [prompt, called, stop], 'CANCELLED', undefined],
    ['a tool without result', [prompt, called], 'FAILED', 'UNFINISHED'],
    ['a tool result', [prompt, called, user(3, [result('t1', 'ok')])], 'FAILED', 'UNFINISHED'],
    [
      'a text that a tool call is to follow',
      [prompt, assistant(2, [text('I look.')], { id: 'm', stop_reason: 'tool_use' })],
      'FAILED',
      'UNFINISHED',
    ],
    ['nothing', [prompt], 'FAILED', 'UNFINISHED'],
    ['a failed request', [prompt, failure], 'FAILED', 'API_ERROR'],
    [
      'a failed request, tried again',
      [prompt, retry, assistant(7, [text('Done.')], { id: 'o' })],
      'SUCCESS',
      undefined,
    ],
  ])('that ends with %s', async (_, lines, status, code) => {
    const [run] = await runsOf(lines);
    expect([run?.status, run?.error?.code, run?.statusSource]).toEqual([status, code, 'inferred']);
  });

  test('an API retry is a step with its error', async () => {
    const [run] = await runsOf([prompt, retry, assistant(7, [text('Done.')], { id: 'o' })]);
    expect(run?.steps?.[0]).toMatchObject({ name: 'api_error', error: { cause: 'ECONNRESET' } });
  });

  test('in a file that just changed the last run is still running, and no other', async () => {
    const lines = [prompt, called, user(3, 'Again'), assistant(4, [tool('t2')], { id: 'o' })];
    const justNow = await runsOf(lines, WRITTEN + 9 * 60_000);
    expect(justNow.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
    expect(justNow[1]).not.toHaveProperty('completedAt');
    expect(justNow[1]?.steps?.at(-1)?.status).toBe('RUNNING');
    const quiet = await runsOf(lines, WRITTEN + 10 * 60_000);
    expect(quiet.map(({ status }) => status)).toEqual(['FAILED', 'FAILED']);
  });
});
