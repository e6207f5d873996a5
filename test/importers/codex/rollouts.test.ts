import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/importers/codex/codex.ts';
import { discover } from '../../../src/importers/discover.ts';
import { transcriptAt } from '../../../src/importers/reading/find-transcripts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, WRITTEN, writtenFiles } from '../support/imported.ts';

type Line = Record<string, unknown>;

const at = (second: number) => new Date(WRITTEN - 3_600_000 + second * 1_000).toISOString();
const line = (second: number, type: string, payload: Line): Line => ({
  timestamp: at(second),
  type,
  payload,
});
const meta = (id: string, fields: Line = {}, second = 0) =>
  line(second, 'session_meta', {
    ...{ id, timestamp: at(second), cwd: '/home/ada/shop', cli_version: '0.140.0' },
    git: { branch: 'main', commit_hash: 'abc', repository_url: 'git@example.org:ada/till.git' },
    ...fields,
  });
const context = (second: number) => line(second, 'turn_context', { model: 'gpt-5-codex' });
const message = (second: number, role: string, text: string) =>
  line(second, 'response_item', {
    ...{ type: 'message', role },
    content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }],
  });
const event = (second: number, type: string, fields: Line = {}) =>
  line(second, 'event_msg', { type, ...fields });
const call = (second: number, id: string, command: string) =>
  line(second, 'response_item', {
    ...{ type: 'function_call', name: 'shell', call_id: id },
    arguments: JSON.stringify({ command: [command] }),
  });
const output = (second: number, id: string, exitCode: number, text = 'done') =>
  line(second, 'response_item', {
    ...{ type: 'function_call_output', call_id: id },
    output: JSON.stringify({
      output: text,
      metadata: { exit_code: exitCode, duration_seconds: 0.5 },
    }),
  });
const tokens = (second: number, input: number, cached: number, out: number, thought = 0) =>
  event(second, 'token_count', {
    info: {
      total_token_usage: {
        ...{ input_tokens: input, cached_input_tokens: cached },
        ...{ output_tokens: out, reasoning_output_tokens: thought },
      },
    },
  });

const SESSION = [
  meta('session-a'),
  message(1, 'user', '<environment_context>\n<cwd>/home/ada/shop</cwd>'),
  message(2, 'user', 'Fix the till'),
  event(2, 'user_message', { message: 'Fix the till' }),
  context(2),
  event(3, 'agent_reasoning', { text: 'I look.' }),
  tokens(4, 100, 40, 20, 5),
  line(4, 'response_item', {
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'I look.' }],
  }),
  call(4, 'one', 'ls'),
  output(5, 'one', 1, 'no such folder'),
  tokens(6, 100, 40, 20, 5),
  event(7, 'agent_message', { message: 'Fixed.' }),
  message(7, 'assistant', 'Fixed.'),
  tokens(7, 300, 200, 50, 5),
  message(8, 'user', 'And the door'),
  event(8, 'user_message', { message: 'And the door' }),
  message(9, 'assistant', 'Done.'),
  tokens(9, 60, 0, 10),
];

const jsonl = (lines: readonly Line[]) => lines.map((each) => `${JSON.stringify(each)}\n`).join('');

async function runsOf(lines: readonly Line[], now?: number) {
  const files = writtenFiles({ 'rollout-a.jsonl': jsonl(lines) });
  return await importedBy(codex, files, now);
}

describe('a session', () => {
  test('is a run for each prompt, with what stands twice in it once', async () => {
    const { runs, setAside } = await runsOf(SESSION);
    expect(setAside).toEqual([]);
    expect(runs.map(({ input }) => input.prompt)).toEqual(['Fix the till', 'And the door']);
    expect(runs[0]).toMatchObject({
      ...{ status: 'SUCCESS', statusSource: 'inferred', agent: 'codex', sessionId: 'session-a' },
      ...{ repository: 'till', branch: 'main', workingDirectory: '/home/ada/shop' },
      ...{ startedAt: at(2), completedAt: at(7), input: { model: 'gpt-5-codex' } },
      output: { message: 'Fixed.' },
      metadata: { agentVersion: '0.140.0', commit: 'abc' },
    });
    expect(runs[0]?.steps?.map(({ kind, status }) => [kind, status])).toEqual([
      ['model_call', 'SUCCESS'],
      ['tool_call', 'FAILED'],
      ['model_call', 'SUCCESS'],
    ]);
    expect(runs[0]?.steps?.[1]).toMatchObject({
      ...{ name: 'shell', input: { command: ['ls'] }, error: 'no such folder', duration: 500 },
    });
    expect(runs[0]?.steps?.[0]?.output).toEqual({ thinking: 'I look.' });
  });

  test('counts what totals grow by, anew where they fall, and input without the cache', async () => {
    const { runs } = await runsOf(SESSION);
    const none = { cacheWrite5mTokens: null, cacheWrite1hTokens: null };
    expect(runs.map(({ usage }) => usage)).toEqual([
      { inputTokens: 100, cacheReadTokens: 200, outputTokens: 45, reasoningTokens: 5, ...none },
      { inputTokens: 60, cacheReadTokens: 0, outputTokens: 10, reasoningTokens: 0, ...none },
    ]);
    expect(runs[0]?.steps?.filter(({ usage }) => usage)).toHaveLength(2);
  });

  test('says a prompt twice where somebody typed it twice', async () => {
    const twice = [message(2, 'user', 'Go on'), event(2, 'user_message', { message: 'Go on' })];
    const { runs } = await runsOf([meta('a'), ...twice, message(3, 'assistant', 'So.'), ...twice]);
    expect(runs.map(({ input }) => input.prompt)).toEqual(['Go on', 'Go on']);
  });

  test.for([
    [
      'an interruption',
      [event(3, 'turn_aborted', { reason: 'interrupted' }), output(4, 'y', 0)],
      'CANCELLED',
      undefined,
    ],
    ['an error', [event(3, 'error', { message: 'no quota' })], 'FAILED', 'AGENT_ERROR'],
    ['nothing', [], 'FAILED', 'UNFINISHED'],
    ['a tool call', [call(3, 'x', 'ls')], 'FAILED', 'UNFINISHED'],
    ['an answer', [message(3, 'assistant', 'So.')], 'SUCCESS', undefined],
  ] as [string, Line[], string, string | undefined][])(
    'that ends with %s has that status',
    async ([, end, status, code]) => {
      const { runs } = await runsOf([meta('a'), message(2, 'user', 'Go'), ...end]);
      expect([runs[0]?.status, runs[0]?.error?.code]).toEqual([status, code]);
    },
  );

  test('that is being written is RUNNING', async () => {
    const lines = [meta('a'), message(2, 'user', 'Go'), call(3, 'x', 'ls')];
    const { runs } = await runsOf(lines, WRITTEN + 60_000);
    expect([runs[0]?.status, runs[0]?.steps?.[1]?.status]).toEqual(['RUNNING', 'RUNNING']);
  });

  test('imported after each of its lines is what it is imported at once', async () => {
    const options = { name: 'rollout-a.jsonl', text: jsonl(SESSION) };
    expect(await growsAsWritten(codex, options)).toBe(2);
  });

  test('of before there was an envelope is read too', async () => {
    const { runs } = await runsOf([
      { timestamp: at(0), role: 'user', content: 'Translate', model: 'gpt-4o-mini' },
      { timestamp: at(1), type: 'tool_call', function: { name: 'look' }, arguments: '{"a":1}' },
      { timestamp: at(2), type: 'tool_result', name: 'look', result: 'hola' },
      { timestamp: at(3), role: 'assistant', content: 'Hola' },
    ]);
    expect(runs).toMatchObject([{ status: 'SUCCESS', input: { model: 'gpt-4o-mini' } }]);
    expect(runs[0]?.steps?.[1]).toMatchObject({ name: 'look', input: { a: 1 }, output: 'hola' });
  });

  test('with lines that are none is told of them, and the rest is taken', async () => {
    const text = `${jsonl(SESSION)}nonsense\n{"timestamp":"x","type":"surprise","payload":{}}\n[1]\n`;
    const files = writtenFiles({ 'a.jsonl': text });
    const { runs, setAside } = await importedBy(codex, files);
    expect(runs).toHaveLength(2);
    expect(setAside.map(({ name }) => name)).toEqual(['line 19', 'line 20', 'line 21']);
  });

  test.for([null, 7, 'x', [], [[1]], { a: { b: [null] } }, true])(
    'with %j in any place is read to its end',
    async (value) => {
      const names = [
        'payload',
        'type',
        'content',
        'message',
        'info',
        'arguments',
        'output',
        'call_id',
      ];
      const odd = SESSION.flatMap((each) =>
        names.map((name) =>
          name in each
            ? { ...each, [name]: value }
            : { ...each, payload: { ...(each.payload as Line), [name]: value } },
        ),
      );
      const { runs } = await runsOf([...odd, message(99, 'user', 'Last')]);
      expect(runs.at(-1)?.input.prompt).toBe('Last');
    },
  );
});

describe('several sessions', () => {
  const FORK = [
    meta('session-b', { forked_from_id: 'session-a' }, 20),
    ...SESSION.slice(1, 14),
    message(21, 'user', 'Another way'),
    message(22, 'assistant', 'So be it.'),
    tokens(22, 400, 200, 60, 5),
  ];

  test('a fork has what it was made of once, in any order', async () => {
    const files = writtenFiles({ 'a.jsonl': jsonl(SESSION), 'b.jsonl': jsonl(FORK) });
    const { runs, links } = await importedBy(codex, files);
    expect(runs.map(({ input }) => input.prompt)).toEqual([
      'Fix the till',
      'And the door',
      'Another way',
    ]);
    expect(runs[2]).toMatchObject({
      ...{ sessionId: 'session-b', metadata: { forkedFrom: 'session-a' } },
      usage: { inputTokens: 100, outputTokens: 10 },
    });
    expect(links.get('b.jsonl')).toContain('session session-a');
    expect((await importedBy(codex, files.toReversed())).runs).toEqual(runs);
  });

  test('a subagent names the run that was under way when it began', async () => {
    const spawn = { subagent: { thread_spawn: { parent_thread_id: 'session-a' } } };
    const child = [meta('session-c', { source: spawn }, 5), message(5, 'user', 'Look')];
    const files = writtenFiles({ 'a.jsonl': jsonl(SESSION), 'c.jsonl': jsonl(child) });
    const { runs } = await importedBy(codex, files);
    const caller = runs.find(({ input }) => input.prompt === 'Fix the till');
    const called = runs.find(({ input }) => input.prompt === 'Look');
    expect(called?.callerRunId).toBe(caller?.id);
    expect(called?.metadata).toMatchObject({ subagent: 'thread_spawn' });
  });
});

describe('files', () => {
  test('that cannot be unpacked are told of, and the others are read', async () => {
    const [plain] = writtenFiles({ 'rollout-a.jsonl': jsonl(SESSION) });
    const path = plain?.path.replace('rollout-a.jsonl', 'rollout-b.jsonl.zst') ?? '';
    const packed = zstdCompressSync(jsonl(SESSION));
    packed[packed.length >> 1] = (packed[packed.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(path, packed.subarray(0, packed.length - 20));
    const files = [plain, await transcriptAt(path)].filter((file) => file != null);
    const { runs, setAside } = await importedBy(codex, files);
    expect(runs).toHaveLength(2);
    expect(setAside).toMatchObject([{ origin: path, name: 'file' }]);
  });

  test('lie in sessions and archived_sessions; a plain one wins over its packed form', async () => {
    const home = temporaryFolder();
    const [first] = writtenFiles({
      'sessions/2026/05/04/rollout-a.jsonl': jsonl(SESSION),
      'archived_sessions/rollout-b.jsonl': jsonl([meta('b'), message(2, 'user', 'Old')]),
      'other/rollout-c.jsonl': jsonl(SESSION),
    });
    const root = first?.path.split('/sessions/')[0] ?? '';
    const packed = join(root, 'sessions/2026/05/04/rollout-a.jsonl.zst');
    writeFileSync(packed, zstdCompressSync(jsonl(SESSION)));
    const only = join(root, 'sessions/2026/05/04/rollout-d.jsonl.zst');
    writeFileSync(only, zstdCompressSync(jsonl([meta('d'), message(2, 'user', 'Packed')])));
    const environment = { home, variables: { CODEX_HOME: root } };
    const found = await discover(codex, environment);
    const names = found.map(({ path }) => path.slice(root.length + 1));
    expect(names).toEqual([
      'archived_sessions/rollout-b.jsonl',
      'sessions/2026/05/04/rollout-a.jsonl',
      'sessions/2026/05/04/rollout-d.jsonl.zst',
    ]);
    const { runs } = await importedBy(codex, found);
    expect(runs.map(({ input }) => input.prompt).sort()).toContain('Packed');
    expect(await discover(codex, { home, variables: {} })).toEqual([]);
  });
});
