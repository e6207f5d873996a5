import { describe, expect, test } from 'vitest';
import { WRITTEN } from '../support/imported.ts';
import { assistant, at, call, entry, type Line, result, runsOf, text, user } from './sessions.ts';

test('a prompt, what was done, and the answer are a run', async () => {
  const [run, ...others] = await runsOf([
    user(1, 'Look'),
    assistant(2, [{ type: 'thinking', thinking: 'Hm.' }, text('I look.'), call('t')]),
    result(3, 't'),
    assistant(4, [text('Done.')], {}, 7),
  ]);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    ...{ agent: 'pi', sessionId: 'session-a', repository: 'shop', status: 'SUCCESS' },
    ...{ workingDirectory: '/home/ada/shop', startedAt: at(0), completedAt: at(4) },
    ...{ duration: 4_000, statusSource: 'inferred', costMicroUsd: 120_000 },
    input: { prompt: 'Look', model: 'opus' },
    output: { message: 'Done.' },
    usage: {
      ...{ inputTokens: 20, cacheReadTokens: 6, cacheWrite5mTokens: 4, cacheWrite1hTokens: null },
      ...{ outputTokens: 12, reasoningTokens: null },
    },
    source: { key: `${at(0)}-e1` },
  });
  expect(run?.steps).toEqual([
    {
      ...{ kind: 'model_call', model: 'opus', status: 'SUCCESS', startedAt: at(1) },
      ...{ duration: 1_000, output: { thinking: 'Hm.', text: 'I look.' } },
      usage: expect.objectContaining({ outputTokens: 5 }),
    },
    {
      ...{ kind: 'tool_call', name: 'bash', status: 'SUCCESS', startedAt: at(2), duration: 0 },
      ...{ input: { command: 'ls' }, output: [text('a b')] },
    },
    expect.objectContaining({ kind: 'model_call', output: { text: 'Done.' } }),
  ]);
});

test('entries of a tree belong to the run that they hang on', async () => {
  const runs = await runsOf([
    user(1, 'One'),
    assistant(2, [text('First.')]),
    user(3, 'Two', { parentId: 'e2' }),
    { ...assistant(4, [text('Second.')]), parentId: 'e3' },
    { ...assistant(5, [text('Again.')]), parentId: 'e1' },
  ]);
  expect(runs.map(({ output }) => output?.message)).toEqual(['Again.', 'Second.']);
});

describe('what is no prompt', () => {
  test('what was typed while the agent worked is a step of its run', async () => {
    const steering = entry(4, { role: 'user', content: 'And b', timestamp: Date.parse(at(2.5)) });
    const worked = [user(1, 'Look'), assistant(2, [call('t')]), result(3, 't')];
    const runs = await runsOf([...worked, steering, assistant(5, [text('Done.')])]);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.steps?.[2]).toMatchObject({ kind: 'message', name: 'user', input: 'And b' });
    // The same after an answer waited for its turn, and is a prompt.
    const after = await runsOf([user(1, 'Look'), assistant(3, [text('Done.')]), steering]);
    expect(after.map(({ input }) => input.prompt)).toEqual(['Look', 'And b']);
  });

  test('what the user ran, extensions and summaries are steps; settings are nothing', async () => {
    const summary = { type: 'compaction', summary: 'We looked.', timestamp: at(4) };
    const [run, ...others] = await runsOf([
      entry(1, { role: 'bashExecution', command: 'too early' }),
      user(2, 'Look'),
      assistant(3, [text('Done.')]),
      { ...summary, usage: { input: 50, output: 8, cost: { total: 0.5 } } },
      entry(5, { role: 'bashExecution', command: 'ls', output: 'a' }),
      { type: 'custom_message', content: 'Be brief', timestamp: at(6) },
      entry(7, { role: 'branchSummary', summary: 'Elsewhere.' }),
      { type: 'label', id: 'l', parentId: 'e3' },
      { type: 'model_change', modelId: 'sonnet', timestamp: at(8) },
    ]);
    expect(others).toEqual([]);
    expect(run?.steps?.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['model_call undefined', 'event compaction', 'model_call compaction', 'event bash'],
      ...['message user', 'event branchSummary'],
    ]);
    expect([run?.usage?.outputTokens, run?.costMicroUsd]).toEqual([13, 550_000]);
    expect(run?.status).toBe('SUCCESS');
  });

  test('work that no prompt stands before is a run without one', async () => {
    const [run] = await runsOf([assistant(1, [text('Done.')])]);
    expect(run).toMatchObject({ input: { prompt: '' }, metadata: { hasPrompt: false } });
  });
});

describe('what it cost', () => {
  test.each<[string, Line, number | undefined]>([
    ['nothing is said of cost', { usage: { input: 1, output: 1 } }, undefined],
    ['a model without a price is not free', { usage: { input: 1, cost: { total: 0 } } }, undefined],
    ['a call that used nothing cost nothing', { usage: { input: 0, cost: { total: 0 } } }, 50_000],
  ])('%s', async (_, message, cost) => {
    const [run] = await runsOf([
      user(1, 'Look'),
      assistant(2, [text('a')]),
      assistant(3, [text('b')], message),
    ]);
    expect(run?.costMicroUsd).toBe(cost);
  });

  test('numbers that are strings count, others are unknown', async () => {
    const usage = { input: '12', output: -1, cacheRead: 'many', cacheWrite: null };
    const [run] = await runsOf([user(1, 'Look'), assistant(2, [text('a')], { usage })]);
    expect(Object.values(run?.usage ?? {})).toEqual([12, null, null, null, null, null]);
  });

  test('what a tool spent on models counts', async () => {
    const usage = { input: 4, output: 4, cost: { total: 0.01 } };
    const done = [assistant(2, [call('t')]), result(3, 't', { usage }), assistant(4, [text('a')])];
    const [run] = await runsOf([user(1, 'Look'), ...done]);
    expect(run?.usage?.inputTokens).toBe(24);
    expect(run?.costMicroUsd).toBe(110_000);
  });
});

describe('how it ended', () => {
  const prompt = user(1, 'Look');
  const failed = assistant(2, [], { stopReason: 'error', errorMessage: '529' });
  const aborted = assistant(2, [call('t')], { stopReason: 'aborted' });

  test.each<[string, Line[], string, string | undefined]>([
    ['an answer', [prompt, assistant(2, [text('a')])], 'SUCCESS', undefined],
    ['a cut answer', [prompt, assistant(2, [], { stopReason: 'length' })], 'SUCCESS', undefined],
    ['an abort', [prompt, aborted], 'CANCELLED', undefined],
    ['an error', [prompt, failed], 'FAILED', 'API_ERROR'],
    ['an error, then an answer', [prompt, failed, assistant(3, [text('a')])], 'SUCCESS', undefined],
    ['a tool call', [prompt, assistant(2, [call('t')])], 'FAILED', 'UNFINISHED'],
    ['nothing', [prompt], 'FAILED', 'UNFINISHED'],
    [
      'a failed tool, then an answer',
      [prompt, assistant(2, [call('t')]), result(3, 't', { isError: true }), assistant(4, [])],
      'SUCCESS',
      undefined,
    ],
  ])('%s', async (_, lines, status, code) => {
    const [run] = await runsOf(lines);
    expect([run?.status, run?.error?.code]).toEqual([status, code]);
  });

  test('in a file that just changed the last run is still running, and no other', async () => {
    const lines = [prompt, assistant(2, [call('t')]), user(3, 'Again'), assistant(4, [call('u')])];
    const justNow = await runsOf(lines, WRITTEN + 9 * 60_000);
    expect(justNow.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
    expect(justNow[1]).not.toHaveProperty('completedAt');
    expect(justNow[1]?.steps?.at(-1)?.status).toBe('RUNNING');
    expect((await runsOf([prompt, aborted]))[0]?.steps?.at(-1)?.status).toBe('CANCELLED');
  });
});
