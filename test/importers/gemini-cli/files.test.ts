import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discover } from '../../../src/importers/discover.ts';
import { geminiCli } from '../../../src/importers/gemini-cli/gemini-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { importedBy, placesOf, writtenFiles } from '../support/imported.ts';
import { gemini, head, imported, jsonl, message, tokens, tool, uuid } from './sessions.ts';

const MESSAGES = [message(1, 'user', 'Read'), gemini(2, 'Done.', tokens(3, 1))];

test('a document and the same line by line are one session', async () => {
  const document = JSON.stringify({ ...head(), messages: MESSAGES }, null, 2);
  const alone = await imported({ 'session-a.json': document });
  expect(alone.runs).toHaveLength(1);
  const more = [...MESSAGES, message(3, 'user', 'And this?'), gemini(4, 'A till.', tokens(5, 1))];
  const both = { 'session-a.json': document, 'session-a.jsonl': jsonl([head(), ...more]) };
  const { runs, links } = await imported(both);
  expect(runs.map(({ input, usage }) => [input.prompt, usage?.inputTokens])).toEqual([
    ['Read', 3],
    ['And this?', 5],
  ]);
  expect(runs[0]?.id).toBe(alone.runs[0]?.id);
  expect(links.get('session-a.json')).toContain('session session-a');
  expect(links.get('session-a.jsonl')).toContain('session session-a');
});

test('an older copy of a session adds nothing, whichever is read first', async () => {
  const called = gemini(2, '', { ...tokens(3, 1), toolCalls: [tool('success')] });
  const whole = jsonl([head(), MESSAGES[0], called, gemini(3, 'Done.', tokens(5, 1))]);
  const older = jsonl([head(), MESSAGES[0], gemini(2, '', tokens(3, 1))]);
  const { runs } = await imported({ 'session-a.jsonl': whole });
  const named = writtenFiles({
    ...{ 'a/session-a.jsonl': older, 'b/session-a.jsonl': whole },
    'c/session-a.jsonl': older,
  });
  for (const files of [named, named.toReversed()]) {
    const [run, ...others] = (await importedBy(geminiCli, files)).runs;
    expect(others).toEqual([]);
    expect(run?.steps).toEqual(runs[0]?.steps);
  }
});

test('messages that another session has too count in the one that began first', async () => {
  const first = jsonl([head(), ...MESSAGES]);
  const fork = { sessionId: 'session-b', startTime: '2026-05-05T00:00:00Z' };
  const second = jsonl([head(fork), ...MESSAGES, message(5, 'user', 'And this?')]);
  const { runs } = await imported({ 'a.jsonl': second, 'b.jsonl': first });
  expect(runs.map(({ sessionId, input }) => [sessionId, input.prompt])).toEqual([
    ['session-a', 'Read'],
    ['session-b', 'And this?'],
  ]);
});

test('short ids stand for other messages in each session', async () => {
  const named = (sessionId: string) =>
    jsonl([head({ sessionId }), { ...MESSAGES[0], id: 'm1' }, { ...MESSAGES[1], id: 'm2' }]);
  const { runs } = await imported({ 'a.jsonl': named('a'), 'b.jsonl': named('b') });
  expect(runs.map(({ source }) => source?.key).sort()).toEqual(['a:m1', 'b:m1']);
});

test('what the model was shown again changes no message, and makes no prompts', async () => {
  const long = gemini(2, 'I look.', {
    ...tokens(3, 1),
    toolCalls: [tool('success', { result: 'x' })],
  });
  const masked = gemini(2, 'I look.', { ...tokens(3, 1), toolCalls: [tool('success')] });
  const messages = [
    message(7, 'user', [{ text: '<state_snapshot>We read.</state_snapshot>' }]),
    { id: uuid(8), type: 'gemini', content: [{ text: 'Got it.' }] },
    masked,
  ];
  const lines = [head(), MESSAGES[0], long, { $set: { messages } }, gemini(9, 'Done.')];
  const { runs, setAside } = await imported({ 'session-a.jsonl': jsonl(lines) });
  expect(setAside).toEqual([]);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.steps).toMatchObject([
    { kind: 'model_call' },
    { kind: 'tool_call', output: 'x' },
    { kind: 'message', name: 'user' },
    { kind: 'message', name: 'assistant' },
    { kind: 'model_call' },
  ]);
});

test('a subagent’s session is a run of its own, of the run that called it', async () => {
  const caller = [
    head(),
    MESSAGES[0],
    gemini(2, '', { toolCalls: [tool('success', { agentId: 'sub-1' })] }),
  ];
  const agent = [
    head({ sessionId: 'sub-1', kind: 'subagent' }),
    message(3, 'user', 'Look'),
    gemini(4, 'Three.'),
  ];
  const files = writtenFiles({
    'chats/session-2026-05-04T10-00-session-.jsonl': jsonl(caller),
    'chats/session-a/sub-1.jsonl': jsonl(agent),
  });
  const { runs, links } = await importedBy(geminiCli, files.toReversed());
  expect(runs).toMatchObject([
    { input: { prompt: 'Read' } },
    { input: { prompt: 'Look' }, callerRunId: runs[0]?.id, sessionId: 'session-a' },
  ]);
  expect(links.get('sub-1.jsonl')).toContain('session sub-1');
  const groups = files.map(({ path }) => geminiCli.groupOf?.(path));
  expect(links.get('session-2026-05-04T10-00-session-.jsonl')).toContain('session sub-1');
  expect(new Set(groups).size).toBe(2);
});

test('files of one session have one group', () => {
  const id = '0ab84937-9fe7-4284-986a-33c832af0b6a';
  const paths = [
    '/h/.gemini/tmp/p/chats/session-2026-04-23T12-52-0ab84937.json',
    '/h/.gemini/tmp/p/chats/session-2026-04-23T12-52-0ab84937.jsonl',
    `/h/.gemini/tmp/p/chats/${id}/sub-1.jsonl`,
  ];
  expect(new Set(paths.map((path) => geminiCli.groupOf?.(path))).size).toBe(1);
});

test('what cannot be read is told of by file and place', async () => {
  const { runs, setAside } = await imported({
    'a.jsonl': `\uFEFF${jsonl([head()])}// comment\r\n${jsonl(MESSAGES)}{"id":1,"type":"thought"}\n[1]\n{"x":NaN}\n{"id`,
    'b.json': JSON.stringify(
      {
        ...head({ sessionId: 'b' }),
        messages: [7, { type: 'later' }, MESSAGES[0]],
      },
      null,
      1,
    ),
    'c.json': '{"history":[],"token":"secret"}',
    'd.json': '{"sessionId":',
    'e.json': '[]',
    'g.jsonl': jsonl([head({ sessionId: 'g' }), message(3, 'user', '')]),
    'f.json': JSON.stringify({ ...head(), messages: [] }).replace('"no hash of a path"', 'NaN'),
  });
  expect(runs).toHaveLength(1);
  expect(placesOf(setAside)).toEqual({
    'a.jsonl': ['line 2', 'line 5', 'line 6', 'line 7', 'line 7', 'line 8'],
    'b.json': ['message 1', 'message 2'],
    'c.json': ['line 1'],
    'd.json': ['file'],
    'e.json': ['file'],
    'f.json': ['file'],
    'g.jsonl': ['line 2'],
  });
  const secret = setAside.find(({ origin }) => origin?.endsWith('c.json'));
  expect(secret?.bytes).toBeNull();
});

test('values of any kind in any member break nothing', async () => {
  const odd: unknown[] = [
    null,
    true,
    7,
    'x',
    [],
    {},
    [[[]]],
    [null],
    { a: { b: [1] } },
    { toString: 1 },
  ];
  const members = [
    'id',
    'type',
    'timestamp',
    'content',
    'displayContent',
    'model',
    'tokens',
    'thoughts',
    'toolCalls',
  ];
  const lines = odd.flatMap((value) => [
    ...members.map((member) => ({ ...gemini(2, 'Done.'), [member]: value })),
    ...members.map((member) => ({ ...message(1, 'user', 'Read'), [member]: value })),
    ...['id', 'name', 'args', 'result', 'status', 'timestamp', 'agentId', 'resultDisplay'].map(
      (member) => gemini(3, '', { toolCalls: [{ ...tool('success'), [member]: value }] }),
    ),
    { $set: value },
    head({ sessionId: value, projectHash: value, startTime: value }),
    head({ messages: value }),
  ]);
  for (const line of lines) {
    const { runs, setAside } = await imported({ 's.jsonl': jsonl([head(), MESSAGES[0], line]) });
    expect(runs.length + setAside.length).toBeGreaterThan(0);
  }
});

test('what is nested without end is told of', async () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const lines = [`{"type":"later","a":${deep}}`, `{"id":"a","type":"user","content":${deep}}`];
  const { setAside } = await imported({ 's.jsonl': lines.join('\n') });
  expect(setAside.map(({ name }) => name)).toEqual(['line 1', 'line 2']);
});

test('sessions are found where Gemini CLI keeps them', async () => {
  const home = temporaryFolder();
  expect(await discover(geminiCli, { home, variables: {} })).toEqual([]);
  const files = writtenFiles({
    '.gemini/tmp/p/chats/session-1.json': '{}',
    '.gemini/tmp/p/chats/1/sub.jsonl': '{}',
    '.gemini/tmp/p/logs.json': '[]',
    '.gemini/oauth_creds.json': '{}',
  });
  const root = files[0]?.path.split('/.gemini/')[0] ?? '';
  const expected = ['chats/1/sub.jsonl', 'chats/session-1.json'];
  const names = expected.map((name) => join(root, '.gemini/tmp/p', name));
  const variables = { GEMINI_CLI_HOME: root };
  const discovered = [
    await discover(geminiCli, { home: root, variables: {} }),
    await discover(geminiCli, { home, variables }),
    await geminiCli.filesIn(join(root, '.gemini')),
    await geminiCli.filesIn(join(root, '.gemini/tmp/p/chats')),
  ];
  for (const found of discovered) expect(found.map(({ path }) => path)).toEqual(names);
});

test('a file that is gone is told of', async () => {
  const [file] = writtenFiles({ 's.jsonl': '' });
  if (file === undefined) return;
  const gone = { ...file, path: `${file.path}.gone`, bytes: () => failing() };
  const { setAside } = await importedBy(geminiCli, [gone]);
  expect(setAside).toMatchObject([{ name: 'file', reason: expect.stringContaining('ENOENT') }]);
});

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('{');
  throw Object.assign(new Error('gone'), { code: 'ENOENT', syscall: 'open' });
}
