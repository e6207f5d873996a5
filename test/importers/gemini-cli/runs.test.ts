import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { WRITTEN } from '../support/imported.ts';
import {
  at,
  gemini,
  head,
  imported,
  jsonl,
  message,
  runsOf,
  tokens,
  tool,
  uuid,
} from './sessions.ts';

test('each prompt is a run, with what the model said and called until the next', async () => {
  const [first, second] = await runsOf([
    message(1, 'user', 'Read till.ts'),
    gemini(2, 'I look.', {
      thoughts: [{ subject: 'Plan', description: 'Read it.' }],
      toolCalls: [
        tool('success', {
          timestamp: at(4),
          result: [{ functionResponse: { id: 'call-1', response: { output: 'let till;' } } }],
        }),
      ],
    }),
    gemini(5, 'It is a till.'),
    message(6, 'user', 'Thanks'),
    gemini(7, 'Gladly.', { model: 'gemini-3-flash' }),
  ]);
  expect(first).toMatchObject({
    startedAt: at(1),
    completedAt: at(5),
    status: 'SUCCESS',
    statusSource: 'inferred',
    sessionId: 'session-a',
    input: { prompt: 'Read till.ts', model: 'gemini-3-pro' },
    output: { message: 'It is a till.' },
    source: { key: uuid(1) },
    steps: [
      { kind: 'model_call', output: { text: 'I look.', thinking: 'Plan\nRead it.' } },
      {
        ...{ kind: 'tool_call', name: 'read_file', status: 'SUCCESS', duration: 2_000 },
        ...{ input: { path: 'till.ts' }, output: 'let till;' },
      },
      { kind: 'model_call', model: 'gemini-3-pro', output: { text: 'It is a till.' } },
    ],
  });
  expect(second).toMatchObject({ input: { prompt: 'Thanks', model: 'gemini-3-flash' } });
});

test('a message that is written again counts once, as it was written last', async () => {
  const [run] = await runsOf([
    message(1, 'user', 'Read'),
    gemini(2, 'I look.', tokens(100, 7, { cached: 60, thoughts: 5, tool: 3 })),
    gemini(2, 'I look.', {
      ...tokens(100, 7, { cached: 60, thoughts: 5, tool: 3 }),
      toolCalls: [
        tool('error', { result: [{ functionResponse: { response: { error: 'gone' } } }] }),
      ],
    }),
    gemini(3, 'It', tokens(9, 1)),
    gemini(3, 'It is gone.', tokens(9, 1)),
  ]);
  expect(run?.output?.message).toBe('It is gone.');
  expect(run?.steps).toMatchObject([
    { kind: 'model_call' },
    { kind: 'tool_call', status: 'FAILED', error: 'gone' },
    { kind: 'model_call' },
  ]);
  expect(run?.usage).toEqual({
    ...{ inputTokens: 100 - 60 + 3 + 9, cacheReadTokens: 60, outputTokens: 8, reasoningTokens: 5 },
    ...{ cacheWrite5mTokens: null, cacheWrite1hTokens: null },
  });
});

test('a command reads as it was typed, and what it became is a step', async () => {
  const [run] = await runsOf([
    message(1, 'user', [{ text: 'You are to analyse.' }], { displayContent: [{ text: '/init' }] }),
    gemini(2, 'Done.'),
  ]);
  expect(run?.input.prompt).toBe('/init');
  expect(run?.steps?.[0]).toMatchObject({ kind: 'message', input: 'You are to analyse.' });
});

test('what the program says in the user’s place is a step, and pictures are named', async () => {
  const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
  const runs = await runsOf([
    message(1, 'user', [{ text: 'What is it?' }, picture]),
    gemini(2, '', { toolCalls: [tool('success')] }),
    message(3, 'user', [{ functionResponse: { id: 'call-1' } }]),
    message(4, 'user', [{ text: 'System: Please continue.' }]),
    gemini(5, 'A till.'),
  ]);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.input.prompt).toBe('What is it?\n\n[image]');
  expect(runs[0]?.steps?.map(({ kind }) => kind)).toEqual([
    ...['model_call', 'tool_call', 'message', 'model_call'],
  ]);
});

test('status follows the last thing that a run did', async () => {
  const endings = {
    SUCCESS: [gemini(2, 'Done.'), message(3, 'error', 'Unknown command.')],
    CANCELLED: [gemini(2, 'I look.', { toolCalls: [tool('cancelled')] })],
    UNFINISHED: [gemini(2, 'I look.', { toolCalls: [tool('success')] })],
    AGENT_ERROR: [gemini(2, '', { toolCalls: [tool('success')] }), message(3, 'error', 'Quota.')],
  };
  for (const [ending, messages] of Object.entries(endings)) {
    const [run] = await runsOf([message(1, 'user', 'Read'), ...messages]);
    expect(run?.error?.code ?? run?.status).toBe(ending);
  }
  const stopped = [message(1, 'user', 'Read'), message(2, 'info', 'Request cancelled.')];
  expect(await runsOf(stopped)).toMatchObject([{ status: 'CANCELLED', duration: 1_000 }]);
  const failed = [tool('error'), tool('success')];
  const answered = [gemini(2, '', { toolCalls: failed }), gemini(3, 'Done.')];
  const [run] = await runsOf([message(1, 'user', 'Read'), ...answered]);
  expect(run?.status).toBe('SUCCESS');
});

test('only the last run of a file that was just written is still running', async () => {
  const open = { toolCalls: [tool('executing')] };
  const messages = [message(1, 'user', 'Read'), message(2, 'user', 'Write'), gemini(3, '', open)];
  const now = await runsOf(messages, WRITTEN + 9 * 60_000);
  expect(now.map(({ status }) => status)).toEqual(['FAILED', 'RUNNING']);
  expect(now[1]?.steps?.[1]).toMatchObject({ kind: 'tool_call', status: 'RUNNING' });
  expect(now[1]?.completedAt).toBeUndefined();
  const later = await runsOf(messages, WRITTEN + 11 * 60_000);
  expect(later.map(({ error }) => error?.code)).toEqual(['UNFINISHED', 'UNFINISHED']);
  expect(later.map(({ id }) => id)).toEqual(now.map(({ id }) => id));
});

test('the folder is the one of whose paths a tool was given one, told by its hash', async () => {
  const projectHash = createHash('sha256').update('/home/ada/shop').digest('hex');
  const lines = [
    head({ projectHash }),
    message(1, 'user', 'Read'),
    gemini(2, '', {
      toolCalls: [tool('success', { args: { path: '/home/ada/shop/src/till.ts' } })],
    }),
  ];
  const { runs } = await imported({ 'session-a.jsonl': jsonl(lines) });
  expect(runs).toMatchObject([{ repository: 'shop', workingDirectory: '/home/ada/shop' }]);
  const known = { [`${projectHash}/chats/session-a.jsonl`]: jsonl(lines.slice(0, 2)) };
  expect((await imported(known)).runs).toMatchObject([{ repository: projectHash }]);
  const named = { 'shop-2/chats/session-a.jsonl': jsonl(lines.slice(0, 2)) };
  expect((await imported(named)).runs).toMatchObject([{ repository: 'shop-2' }]);
});

test('work without a prompt is a run that says so', async () => {
  const { runs } = await imported({ 'one.json': JSON.stringify(gemini(2, 'Done.', tokens(3, 1))) });
  expect(runs).toMatchObject([
    { input: { prompt: '' }, metadata: { hasPrompt: false }, source: { key: uuid(2) } },
  ]);
  expect(runs[0]?.sessionId).toBeUndefined();
});

test('a run without any time begins when its file was written, with an id that stays', async () => {
  const prompt = { ...message(1, 'user', 'Read'), timestamp: undefined };
  const { runs } = await imported({ 's.jsonl': jsonl([head({ startTime: 'today' }), prompt]) });
  expect(runs[0]?.startedAt).toBe(new Date(WRITTEN).toISOString());
  expect(runs[0]?.metadata?.startedAtFrom).toBe('file');
  expect(runs[0]?.id.startsWith('00000000-0000')).toBe(true);
});
