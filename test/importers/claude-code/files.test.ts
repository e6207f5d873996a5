import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeCode } from '../../../src/importers/claude-code/claude-code.ts';
import { discover } from '../../../src/importers/discover.ts';
import { IMPORTERS } from '../../../src/importers/registry.ts';
import type { Transcript } from '../../../src/repository/importer.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  assistant,
  at,
  imported,
  jsonl,
  type Line,
  line,
  text,
  user,
  written,
} from './transcripts.ts';

const answer = (number: number, fields: Line = {}) =>
  assistant(
    number,
    [text(`Answer ${number}`)],
    { id: `m${number}`, usage: { output_tokens: number } },
    fields,
  );

describe('lines', () => {
  test('a byte order mark, CRLF, blank lines and a missing end are no hindrance', async () => {
    const content = `\ufeff${jsonl([user(1, 'Fix')])}\n  \n${JSON.stringify(answer(2))}`;
    const files = written({ 'shop/session-a.jsonl': content.replaceAll('\n', '\r\n') });
    const { runs, setAside } = await imported(files);
    expect(setAside).toEqual([]);
    expect(runs).toMatchObject([{ input: { prompt: 'Fix' }, output: { message: 'Answer 2' } }]);
  });

  test('what cannot be taken is told by file and line, with its bytes, and the rest is taken', async () => {
    const lines = [
      '// Source: elsewhere',
      JSON.stringify(user(1, 'Fix')),
      '{"type":"user",NaN}',
      '[1]',
      JSON.stringify(line(2, { type: 'surprise' })),
      JSON.stringify(line(3, { type: 'user', message: {} })),
      JSON.stringify({ timestamp: at(4) }),
      JSON.stringify(answer(5)),
      '{"type":"assistant","mess',
    ];
    const [file] = written({ 'shop/session-a.jsonl': lines.join('\n') });
    const { runs, setAside } = await imported(file ? [file] : []);
    expect(runs[0]?.output?.message).toBe('Answer 5');
    const told = setAside.map(({ name, reason }) => [name, reason]);
    expect(told).toEqual([
      ['line 1', expect.stringContaining('comment')],
      ['line 3', expect.stringContaining('no valid JSON')],
      ['line 4', expect.stringContaining('no object')],
      ['line 5', expect.stringContaining('type surprise')],
      ['line 6', expect.stringContaining('without content')],
      ['line 7', expect.stringContaining('no type')],
      ['line 9', expect.stringContaining('cut off')],
    ]);
    expect(Buffer.from(setAside[6]?.bytes ?? []).toString()).toBe(lines[8]);
  });

  test('bytes that are no UTF-8 are told of, and the line is taken', async () => {
    const files = written({ 'shop/session-a.jsonl': jsonl([user(1, 'Fix it')]) });
    const bytes = readFileSync(files[0]?.path ?? '');
    bytes[bytes.indexOf('Fix it') + 3] = 0xff;
    writeFileSync(files[0]?.path ?? '', bytes);
    const { runs, setAside } = await imported(files);
    expect(runs[0]?.input.prompt).toBe('Fix\ufffdit');
    expect(setAside.map(({ reason }) => reason)).toEqual([expect.stringContaining('no UTF-8')]);
  });

  test('a line of 50 MB passes', async () => {
    const long = 'x'.repeat(50_000_000);
    const { runs, setAside } = await imported(
      written({ 'shop/session-a.jsonl': [user(1, 'Fix'), user(2, long), user(3, 'Next')] }),
    );
    expect(setAside).toEqual([]);
    expect(runs.map(({ input }) => input.prompt.length)).toEqual([3, 50_000_000, 4]);
  });

  test('a longer one than 64 MB is passed over and told of', async () => {
    const lines = [user(1, 'Fix'), user(2, 'x'.repeat(65 * 1024 * 1024)), user(3, 'Next')];
    const { runs, setAside } = await imported(written({ 'shop/session-a.jsonl': lines }));
    expect(runs.map(({ input }) => input.prompt)).toEqual(['Fix', 'Next']);
    expect(setAside).toMatchObject([{ name: 'line 2', bytes: null }]);
  });

  test('a run that no store can hold is told of by its line', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 400; level += 1) deep = [deep];
    const call = { type: 'tool_use', id: 't', name: 'x', input: deep };
    const { runs, setAside } = await imported(
      written({
        'shop/session-a.jsonl': [
          user(1, 'Deep'),
          assistant(2, [call], { id: 'm' }),
          user(3, 'Next'),
        ],
      }),
    );
    expect(runs.map(({ input }) => input.prompt)).toEqual(['Next']);
    expect(setAside).toMatchObject([{ name: 'line 1' }]);
  });

  test('a file that is gone is told of, and the others are read', async () => {
    const files = written({ 'a/one.jsonl': [user(1, 'One')], 'a/two.jsonl': [user(2, 'Two')] });
    rmSync(files[0]?.path ?? '');
    const { runs, setAside } = await imported(files);
    expect(runs.map(({ input }) => input.prompt)).toEqual(['Two']);
    expect(setAside).toMatchObject([
      { origin: files[0]?.path, name: 'file', reason: expect.stringContaining('ENOENT') },
    ]);
  });
});

describe('what stands in several files', () => {
  const first = [user(1, 'One'), answer(2)];
  const session = { sessionId: 'session-b' };
  const fork = [
    ...[...first].map((each) => ({ ...each, ...session })),
    user(3, 'Two', session),
    answer(4, session),
  ];
  const later = { timestamp: at(0.5) };
  // The same call under other ids of lines, as programs that rewrite transcripts leave it.
  const rewritten = [
    { ...user(51, 'One'), ...session },
    { ...answer(2, session), uuid: user(52, '').uuid },
  ];

  test.each([
    ['shop/session-a.jsonl', 'shop/session-b.jsonl', 'session-a'],
    ['shop/x.jsonl', 'shop/b.jsonl', 'session-b'],
  ])('counts once, in the file that begins first, then by path: %s %s', async (one, two, owner) => {
    const files = written({ [one]: first, [two]: fork });
    const { runs } = await imported(files);
    expect(
      runs.map(({ input, sessionId, usage }) => [input.prompt, sessionId, usage?.outputTokens]),
    ).toEqual([
      ['One', owner, 2],
      ['Two', 'session-b', 4],
    ]);
    expect((await imported(files.toReversed())).runs).toEqual(runs);
  });

  test('a file that begins earlier has it, whatever it is called', async () => {
    const files = written({
      'shop/a.jsonl': fork,
      'shop/z.jsonl': [line(90, { type: 'mode', ...later }), ...first],
    });
    expect((await imported(files)).runs.map(({ sessionId }) => sessionId)).toEqual([
      'session-a',
      'session-b',
    ]);
  });

  test('a model call that was rewritten under other ids counts once', async () => {
    const files = written({ 'shop/a.jsonl': first, 'shop/b.jsonl': rewritten });
    const { runs } = await imported(files);
    expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([2]);
  });

  test('short ids count so within their session, unless one stands for several lines', async () => {
    const short = (each: Line, id: string) => ({
      ...each,
      uuid: id,
      parentUuid: null,
      requestId: null,
    });
    const lines = [short(user(1, 'One'), 'u1'), short(answer(2), 'a1')];
    const other = lines.map((each) => ({ ...each, sessionId: 'session-c' }));
    const files = written({ 'shop/a.jsonl': lines, 'shop/b.jsonl': lines, 'shop/c.jsonl': other });
    const { runs } = await imported(files);
    const counted = runs.map(({ sessionId, usage }) => [sessionId, usage?.outputTokens]);
    expect(counted.sort()).toEqual([
      ['session-a', 2],
      ['session-c', 2],
    ]);
    const standIn = { uuid: '[trimmed]', parentUuid: null };
    const twice = written({
      'shop/a.jsonl': [user(1, 'One', standIn), answer(2, standIn)],
      'shop/b.jsonl': [user(3, 'Two', standIn), answer(4, standIn)],
    });
    const messages = (await imported(twice)).runs.map(({ output }) => output?.message);
    expect(messages).toEqual(['Answer 2', 'Answer 4']);
  });

  test('a grown file gives the same runs, and more', async () => {
    const before = await imported(written({ 'shop/session-a.jsonl': first }));
    const after = await imported(written({ 'shop/session-a.jsonl': [...first, user(3, 'Two')] }));
    expect(after.runs.map(({ id }) => id)).toContain(before.runs[0]?.id);
    expect(after.runs).toHaveLength(2);
  });
});

const looksOf = ({ path, size, modifiedAt }: Transcript) => ({ path, size, modifiedAt });

describe('discovery', () => {
  const paths = ['p/s1.jsonl', 'p/s1/subagents/agent-a.jsonl', 'p/s1/subagents/agent-a.meta.json'];
  const under = (folder: string) =>
    written(Object.fromEntries(paths.map((path) => [join(folder, path), '{}\n'])));
  const homeOf = (files: { path: string }[], folder: string) =>
    files[0]?.path.replace(join('/', folder, paths[0] ?? ''), '') ?? '';

  test.each(['.claude/projects', '.config/claude/projects'])(
    'finds sessions in %s',
    async (folder) => {
      const files = under(folder);
      const found = await discover(claudeCode, { home: homeOf(files, folder), variables: {} });
      expect(found.map(looksOf)).toEqual(files.slice(0, 2).map(looksOf));
    },
  );

  test('CLAUDE_CONFIG_DIR stands for the usual places', async () => {
    const files = under('elsewhere/projects');
    const home = homeOf(files, 'elsewhere/projects');
    const variables = { CLAUDE_CONFIG_DIR: join(home, 'elsewhere') };
    expect(await discover(claudeCode, { home, variables })).toHaveLength(2);
    const nowhere = { CLAUDE_CONFIG_DIR: join(home, 'nowhere') };
    expect(await discover(claudeCode, { home, variables: nowhere })).toEqual([]);
  });

  test('by path, whatever the order in which they came to lie there', async () => {
    const names = [...'hbqdzackxwme'].map((name) => `x/projects/${name}/${name}.jsonl`);
    const files = written(Object.fromEntries(names.map((name) => [name, '{}\n'])));
    const home = files[0]?.path.replace(`/${names[0]}`, '') ?? '';
    const found = await discover(claudeCode, {
      home,
      variables: { CLAUDE_CONFIG_DIR: `nowhere, ${home}/x` },
    });
    expect(found.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
  });

  test('where the agent never ran there is nothing', async () => {
    expect(await discover(claudeCode, { home: temporaryFolder(), variables: {} })).toEqual([]);
  });

  test('every importer has a name of its own', () => {
    expect(new Set(IMPORTERS.map(({ name }) => name)).size).toBe(IMPORTERS.length);
  });
});
