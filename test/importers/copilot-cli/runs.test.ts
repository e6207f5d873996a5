import { describe, expect, test } from 'vitest';
import { WRITTEN } from '../support/imported.ts';
import {
  assistant,
  at,
  event,
  type Line,
  result,
  runsOf,
  shutdown,
  start,
  user,
  uuid,
} from './sessions.ts';

test('a prompt, what was done, and the answer are a run', async () => {
  const [run, ...others] = await runsOf([
    event(1, 'system.message', { content: 'You are' }),
    user(2, 'Look'),
    event(3, 'assistant.turn_start', { turnId: '0' }),
    assistant(5, '', ['t'], { reasoningText: 'Hm.' }),
    event(6, 'tool.execution_start', { toolCallId: 't', toolName: 'bash' }),
    result(7, 't'),
    event(8, 'assistant.turn_end', { turnId: '0' }),
    assistant(9, 'Done.', [], { model: 'gpt-5-mini' }),
  ]);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    ...{ agent: 'copilot-cli', sessionId: 'session-a', repository: 'ada/shop', branch: 'main' },
    ...{ workingDirectory: '/home/ada/shop/till', status: 'SUCCESS', statusSource: 'inferred' },
    ...{ startedAt: at(2), completedAt: at(9), source: { key: uuid(2) } },
    input: { prompt: 'Look', model: 'gpt-5' },
    output: { message: 'Done.' },
    usage: { outputTokens: 10, inputTokens: null, reasoningTokens: null },
    metadata: { agentVersion: '1.0.3', commit: 'abc' },
  });
  expect(run).not.toHaveProperty('costMicroUsd');
  expect(run?.steps).toMatchObject([
    {
      kind: 'model_call',
      model: 'gpt-5',
      startedAt: at(3),
      duration: 2_000,
      output: { thinking: 'Hm.' },
    },
    { kind: 'tool_call', name: 'bash', status: 'SUCCESS', duration: 2_000, output: 'a b' },
    { kind: 'model_call', model: 'gpt-5-mini', output: { text: 'Done.' } },
  ]);
});

test('what the program says in the user’s place, or what is typed within a turn, is a step', async () => {
  const runs = await runsOf([
    user(1, 'Look'),
    event(2, 'assistant.turn_start'),
    assistant(3, '', ['t']),
    user(4, 'And b'),
    result(5, 't'),
    event(6, 'assistant.turn_end'),
    user(7, '', { transformedContent: 'You have not yet marked the task as complete' }),
    user(8, 'A skill', { source: 'skill-pdf' }),
    event(9, 'system.notification', { content: 'Agent done' }),
    assistant(10, 'Done.'),
    user(11, 'Next'),
  ]);
  expect(runs.map(({ input }) => input.prompt)).toEqual(['Look', 'Next']);
  const told = runs[0]?.steps?.filter(({ kind }) => kind === 'message').map(({ input }) => input);
  expect(told).toEqual([
    ...['And b', 'You have not yet marked the task as complete', 'A skill', 'Agent done'],
  ]);
});

test('a subagent’s work is a run of its own, of the run that called it', async () => {
  const prompt = { toolCallId: 'task', name: 'task', arguments: '{"prompt":"Look for tills"}' };
  const inner = { parentToolCallId: 'task' };
  const runs = await runsOf([
    user(1, 'Fix'),
    assistant(2, '', [], { toolRequests: [prompt] }),
    event(3, 'subagent.started', { toolCallId: 'task', agentName: 'explore' }),
    assistant(4, '', ['t'], { ...inner, outputTokens: 7 }),
    result(5, 't', inner),
    assistant(6, 'Three.', [], { ...inner, outputTokens: 8 }),
    event(7, 'subagent.completed', { toolCallId: 'task' }),
    result(8, 'task'),
    assistant(9, 'Done.'),
  ]);
  expect(
    runs.map(({ input, usage, status }) => [input.prompt, usage?.outputTokens, status]),
  ).toEqual([
    ['Fix', 10, 'SUCCESS'],
    ['Look for tills', 15, 'SUCCESS'],
  ]);
  expect(runs[1]).toMatchObject({ callerRunId: runs[0]?.id, output: { message: 'Three.' } });
  expect(runs[0]).not.toHaveProperty('callerRunId');
});

describe('tokens', () => {
  const use = {
    inputTokens: 100,
    cacheReadTokens: 60,
    cacheWriteTokens: 10,
    outputTokens: 12,
    reasoningTokens: 4,
  };

  test('the end of a session gives its last run what messages did not say', async () => {
    const runs = await runsOf([
      user(1, 'One'),
      assistant(2, 'a'),
      user(3, 'Two'),
      assistant(4, 'b'),
      shutdown(5, { 'gpt-5': use }),
    ]);
    expect(runs.map(({ usage }) => Object.values(usage ?? {}))).toEqual([
      [null, null, null, null, 5, null],
      [30, 60, 10, null, 7, null],
    ]);
    expect(runs[1]?.steps?.at(-1)).toMatchObject({
      ...{ kind: 'event', name: 'session.shutdown', model: 'gpt-5' },
      output: { premiumRequests: 0.33 },
    });
    expect(runs[1]?.status).toBe('SUCCESS');
  });

  test('each time that a session is resumed is counted anew', async () => {
    const once = [user(1, 'One'), assistant(2, 'a'), shutdown(3, { 'gpt-5': use })];
    const again = [
      event(4, 'session.resume'),
      user(5, 'Two'),
      assistant(6, 'b'),
      shutdown(7, { 'gpt-5': use }),
    ];
    const runs = await runsOf([...once, ...again]);
    const totals = runs.map(({ usage }) => [usage?.inputTokens, usage?.outputTokens]);
    expect(totals).toEqual([
      [30, 12],
      [30, 12],
    ]);
  });

  test('a model that messages call otherwise is not counted twice', async () => {
    const other = { inputTokens: 10, outputTokens: 3 };
    const lines = [
      user(1, 'One'),
      assistant(2, 'a'),
      shutdown(3, { 'gpt-5-2026': use, small: other }),
    ];
    expect((await runsOf(lines))[0]?.usage).toMatchObject({ inputTokens: 40, outputTokens: 15 });
  });

  test('where no model has any, those of all models count', async () => {
    const tokenDetails = {
      input: { tokenCount: 9 },
      output: { tokenCount: 6 },
      cache_read: { tokenCount: 4 },
    };
    const end = event(3, 'session.shutdown', {
      tokenDetails,
      modelMetrics: { x: { requests: 2 } },
    });
    const [run] = await runsOf([user(1, 'One'), assistant(2, 'a'), end]);
    expect(Object.values(run?.usage ?? {})).toEqual([9, 4, null, null, 6, null]);
  });
});

describe('how it ended', () => {
  const prompt = user(1, 'Look');
  const answer = assistant(2, 'Done.');
  const complete = (success: unknown) =>
    event(9, 'session.task_complete', { success, summary: 'Looked.' });
  const failure = event(3, 'session.error', { errorType: 'query', message: '400' });

  test.each<[string, Line[], string, string | undefined]>([
    ['an answer', [prompt, answer], 'SUCCESS', undefined],
    ['an abort', [prompt, assistant(2, '', ['t']), event(3, 'abort')], 'CANCELLED', undefined],
    ['an error', [prompt, failure], 'FAILED', 'API_ERROR'],
    ['an error after the answer', [prompt, answer, failure], 'SUCCESS', undefined],
    ['a request for a tool', [prompt, assistant(2, '', ['t'])], 'FAILED', 'UNFINISHED'],
    [
      'a failed tool, then an answer',
      [prompt, result(2, 't', { success: false }), assistant(3, 'a')],
      'SUCCESS',
      undefined,
    ],
  ])('%s', async (_, lines, status, code) => {
    const [run] = await runsOf(lines);
    expect([run?.status, run?.error?.code, run?.statusSource]).toEqual([status, code, 'inferred']);
  });

  test('what the session says of its task is recorded', async () => {
    const runs = await runsOf([
      prompt,
      answer,
      complete(true),
      user(10, 'Two'),
      { ...complete(false), id: uuid(11) },
    ]);
    expect(runs.map(({ status, statusSource }) => [status, statusSource])).toEqual([
      ['SUCCESS', 'recorded'],
      ['FAILED', 'recorded'],
    ]);
    expect(runs[1]?.error?.message).toBe('Looked.');
  });

  test('in a file that just changed the last run is still running, with its subagent', async () => {
    const lines = [
      user(1, 'One'),
      user(2, 'Two'),
      event(3, 'subagent.started', { toolCallId: 'x' }),
    ];
    const justNow = await runsOf(lines, WRITTEN + 9 * 60_000);
    expect(justNow.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING', 'RUNNING']);
  });
});

test('a run stays where it began when the session is taken up elsewhere', async () => {
  const context = { cwd: '/x/other', branch: 'new' };
  const runs = await runsOf([
    user(1, 'One'),
    { ...start({ context }, 2), type: 'session.resume' },
    user(3, 'Two'),
  ]);
  expect(runs.map(({ branch, repository }) => [branch, repository])).toEqual([
    ['main', 'ada/shop'],
    ['new', 'other'],
  ]);
});
