import { describe, expect, test } from 'vitest';
import { WRITTEN } from '../support/imported.ts';
import {
  assistant,
  at,
  type Files,
  finish,
  message,
  ms,
  runsOf,
  session,
  text,
  tool,
  user,
  type Value,
} from './storages.ts';

test('a prompt, what was done, and the answer are a run', async () => {
  const [run, ...others] = await runsOf({
    ...session('ses_a'),
    ...message(1, { role: 'user', model: { modelID: 'opus' } }, [
      text('Look at @a'),
      text('Called the Read tool', { synthetic: true }),
      { type: 'file', filename: 'a', mime: 'text/plain', url: 'file:///a' },
      { type: 'agent', name: 'plan' },
    ]),
    ...assistant(2, 1, [
      { type: 'step-start' },
      { type: 'reasoning', text: 'Hm.', time: { start: ms(2), end: ms(2.1) } },
      ...[text('I look.'), tool('read', 2.25), finish('tool-calls')],
    ]),
    ...assistant(3, 1, [{ type: 'step-start' }, text('Done.'), finish('stop', 7)], {
      finish: 'stop',
    }),
  });
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    ...{ agent: 'opencode', sessionId: 'ses_a', repository: 'shop', status: 'SUCCESS' },
    ...{ workingDirectory: '/home/ada/shop', startedAt: at(1), completedAt: at(3.5) },
    ...{ statusSource: 'inferred', costMicroUsd: 120_000, metadata: { agentVersion: '1.1.0' } },
    input: { prompt: 'Look at @a\n\n[a]', model: 'opus' },
    output: { message: 'Done.' },
    usage: {
      ...{ inputTokens: 20, cacheReadTokens: 6, cacheWrite5mTokens: 4, cacheWrite1hTokens: null },
      ...{ outputTokens: 12, reasoningTokens: 2 },
    },
    source: { key: 'm1' },
  });
  expect(run?.steps).toEqual([
    {
      ...{ kind: 'model_call', model: 'opus', status: 'SUCCESS', startedAt: at(2) },
      output: { thinking: 'Hm.', text: 'I look.' },
      usage: expect.objectContaining({ outputTokens: 5 }),
    },
    {
      ...{ kind: 'tool_call', name: 'read', status: 'SUCCESS', startedAt: at(2.25), duration: 250 },
      ...{ input: { path: 'a' }, output: 'a b' },
    },
    expect.objectContaining({ kind: 'model_call', output: { text: 'Done.' } }),
  ]);
});

test('a message may have several calls; the last part of each says what it used', async () => {
  const steps = [tool('a', 2), finish('tool-calls', 3), text('Done.'), finish('stop', 4)];
  const total = { tokens: { input: 10, output: 4 }, cost: 0.5 };
  const [run] = await runsOf({ ...user(1, 'Look'), ...assistant(2, 1, steps, total) });
  const calls = run?.steps?.filter(({ kind }) => kind === 'model_call');
  expect(calls?.map(({ usage }) => usage?.outputTokens)).toEqual([3, 4]);
  expect([run?.usage?.outputTokens, run?.costMicroUsd]).toEqual([7, 70_000]);
});

test('messages belong to the prompt that they name', async () => {
  const runs = await runsOf({
    ...user(1, 'One'),
    ...assistant(2, 1, [text('a')]),
    ...user(3, 'Two'),
    ...assistant(4, 1, [text('b')]),
    ...assistant(5, 3, [text('c')]),
    ...assistant(6, 99, [text('d')]),
  });
  expect(runs.map(({ input, output }) => [input.prompt, output?.message])).toEqual([
    ['One', 'b'],
    ['Two', 'c'],
    ['', 'd'],
  ]);
  expect(runs[2]).toMatchObject({ source: { key: 'm99' }, metadata: { hasPrompt: false } });
});

describe('what is no prompt', () => {
  test('what was typed while the agent worked is a step of its run', async () => {
    const [run, ...others] = await runsOf({
      ...user(1, 'Look'),
      ...assistant(2, 1, [tool('a', 2.4), finish('tool-calls')], { finish: 'tool-calls' }),
      ...message(2.3, { role: 'user' }, [text('And b')]),
      ...assistant(3, 2.3, [text('Done.'), finish('stop')], { finish: 'stop' }),
    });
    expect(others).toEqual([]);
    expect(run?.steps?.map(({ kind }) => kind)).toEqual([
      ...['model_call', 'tool_call', 'message', 'model_call'],
    ]);
    expect([run?.status, run?.output?.message]).toEqual(['SUCCESS', 'Done.']);
  });

  test('a compaction and what opencode types are steps, and a summary is no answer', async () => {
    const [run, ...others] = await runsOf({
      ...user(1, 'Look'),
      ...assistant(2, 1, [text('Done.'), finish('stop')], { finish: 'stop' }),
      ...message(3, { role: 'user' }, [{ type: 'compaction', auto: true }]),
      ...assistant(4, 3, [text('We looked.'), finish('stop')], { finish: 'stop', summary: true }),
      ...message(5, { role: 'user' }, [
        text('Continue if you have next steps', { synthetic: true }),
      ]),
    });
    expect(others).toEqual([]);
    expect(run?.steps?.slice(1).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['event compaction', 'model_call compaction', 'message user'],
    ]);
    expect([run?.output?.message, run?.usage?.outputTokens]).toEqual(['Done.', 10]);
  });

  test('a command that is handed to a subagent is a prompt', async () => {
    const subtask = { type: 'subtask', prompt: 'Review it', description: 'r', agent: 'general' };
    const [run] = await runsOf(message(1, { role: 'user' }, [subtask]));
    expect(run?.input.prompt).toBe('Review it');
  });
});

test('subagents are runs of their own, each linked to the run whose tool started it', async () => {
  const started = { metadata: { sessionId: 'ses_0' } };
  const files = {
    ...session('ses_0', { parentID: 'ses_a', time: { created: ms(2) } }),
    ...message(2.1, { role: 'user', id: 'c1' }, [text('Count')], 'ses_0'),
    ...message(
      2.2,
      { role: 'assistant', id: 'c2', parentID: 'c1' },
      [text('Three.'), finish('stop', 9)],
      'ses_0',
    ),
    ...message(6.1, { role: 'user', id: 'c3' }, [text('Again')], 'ses_0'),
    ...session('ses_a'),
    ...user(1, 'Look'),
    ...assistant(2, 1, [tool('task', 2, started), finish('tool-calls', 1)]),
    ...user(5, 'Once more'),
    ...assistant(6, 5, [tool('task', 6, started), finish('tool-calls', 1)]),
  };
  const runs = await runsOf(files);
  const idOf = (prompt: string) => runs.find(({ input }) => input.prompt === prompt)?.id;
  const callers = runs.map(({ input, callerRunId, usage }) => [
    input.prompt,
    callerRunId,
    usage?.outputTokens,
  ]);
  expect(callers).toEqual([
    ['Look', undefined, 1],
    ['Count', idOf('Look'), 9],
    ['Once more', undefined, 1],
    ['Again', idOf('Once more'), undefined],
  ]);
});

describe('what it used', () => {
  const used = async (fields: Value, parts: Value[] = [text('a')]) => {
    const [run] = await runsOf({ ...user(1, 'Look'), ...assistant(2, 1, parts, fields) });
    return run;
  };

  test('reasoning that the total shows to be within the output is taken out of it', async () => {
    const tokens = { input: 10, output: 8, reasoning: 3, cache: { read: 2, write: 0 } };
    expect((await used({ tokens: { ...tokens, total: 23 } }))?.usage?.outputTokens).toBe(8);
    expect((await used({ tokens: { ...tokens, total: 20 } }))?.usage?.outputTokens).toBe(5);
  });

  test('zeros of a message that does not know yet are unknown, and so is a price of 0', async () => {
    const zeros = { tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } } };
    const unknown = await used({ ...zeros, cost: 0 });
    expect([unknown?.usage, unknown?.costMicroUsd]).toEqual([undefined, undefined]);
    expect(await used({ tokens: { input: 1 }, cost: 0 })).not.toHaveProperty('costMicroUsd');
  });

  test('a cost is a number or dollars by name; in parts it does not say of what', async () => {
    const tokens = { input: '12', output: -1 };
    expect((await used({ tokens, cost: { usd: 0.25 } }))?.costMicroUsd).toBe(250_000);
    const run = await used({ tokens, cost: { input: 24, output: 8 } });
    expect(run).not.toHaveProperty('costMicroUsd');
    expect([run?.usage?.inputTokens, run?.usage?.outputTokens]).toEqual([12, null]);
  });

  test('a request that was refused cost nothing', async () => {
    const refused = assistant(2, 1, [], { error: { name: 'APIError', data: { message: '529' } } });
    const done = assistant(3, 1, [text('a'), finish('stop')]);
    const [run] = await runsOf({ ...user(1, 'Look'), ...refused, ...done });
    expect([run?.status, run?.costMicroUsd]).toEqual(['SUCCESS', 50_000]);
  });
});

describe('how it ended', () => {
  const error = (name: string, data: Value = {}) => ({ finish: 'stop', error: { name, data } });
  const called = [
    { type: 'step-start' },
    tool('a', 2, { status: 'running', time: { start: ms(2) } }),
  ];
  const failed = tool('a', 2, { status: 'error', output: undefined, error: 'No' });

  test.each<[string, Files, string, string | undefined]>([
    ['an answer', assistant(2, 1, [text('a'), finish('stop')]), 'SUCCESS', undefined],
    ['a text alone, in old messages', assistant(2, 1, [text('a')]), 'SUCCESS', undefined],
    ['tools', assistant(2, 1, [failed, finish('tool-calls')]), 'FAILED', 'UNFINISHED'],
    ['a tool at work', assistant(2, 1, called), 'FAILED', 'UNFINISHED'],
    [
      'a step that has not ended',
      assistant(2, 1, [{ type: 'step-start' }, text('a')]),
      'FAILED',
      'UNFINISHED',
    ],
    ['nothing', {}, 'FAILED', 'UNFINISHED'],
    [
      'an abort',
      assistant(2, 1, [text('a')], error('MessageAbortedError')),
      'CANCELLED',
      undefined,
    ],
    [
      'a failed request',
      assistant(2, 1, [], error('APIError', { message: '529' })),
      'FAILED',
      'API_ERROR',
    ],
    ['another error', assistant(2, 1, [], error('ProviderAuthError')), 'FAILED', 'AGENT_ERROR'],
  ])('%s', async (_, files, status, code) => {
    const [run] = await runsOf({ ...user(1, 'Look'), ...files });
    expect([run?.status, run?.error?.code]).toEqual([status, code]);
  });

  test('a failed tool and a retry are steps', async () => {
    const retry = {
      type: 'retry',
      attempt: 1,
      error: { name: 'APIError' },
      time: { created: ms(3) },
    };
    const parts = [failed, retry, text('Done.'), finish('stop')];
    const [run] = await runsOf({ ...user(1, 'Look'), ...assistant(2, 1, parts) });
    expect(run?.status).toBe('SUCCESS');
    expect(run?.steps?.slice(1)).toMatchObject([
      { kind: 'tool_call', status: 'FAILED', error: 'No' },
      { kind: 'event', name: 'retry', startedAt: at(3), error: { name: 'APIError' } },
    ]);
  });

  test('in a session that was just written to, the last run is still running, and no other', async () => {
    const files = {
      ...user(1, 'One'),
      ...assistant(2, 1, called),
      ...user(3, 'Two'),
      ...assistant(4, 3, called),
    };
    const soon = await runsOf(files, WRITTEN + 60_000);
    expect(soon.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
    expect(soon[1]?.steps?.at(-1)?.status).toBe('RUNNING');
  });
});
