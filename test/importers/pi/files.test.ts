import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pi } from '../../../src/importers/pi/pi.ts';
import { readsEach, withAnyLine } from '../support/any-values.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, placesOf, writtenFiles } from '../support/imported.ts';
import {
  assistant,
  at,
  call,
  entry,
  head,
  imported,
  jsonl,
  result,
  text,
  user,
} from './sessions.ts';

const FIRST = [
  user(1, 'One'),
  assistant(2, [call('t')]),
  result(3, 't'),
  assistant(4, [text('a')]),
];
const SESSION = [head(), ...FIRST, user(5, 'Two'), assistant(6, [text('b')], {}, 9)];

test('what cannot be read is told of by file and line, and the rest is taken', async () => {
  const [first, ...more] = SESSION;
  const content = [
    `\ufeff${JSON.stringify(first)}`,
    ...['// comment', '', JSON.stringify({ type: 'surprise' }), '[1]'],
    ...more.map((line) => JSON.stringify(line)),
    JSON.stringify(entry(7, { role: 'oracle' })),
    JSON.stringify(user(8, '')),
    ...['{"x":NaN,"type":"label"}', '{"a":1}', '{"type":"mess'],
  ];
  const { runs, setAside } = await imported({ 'a.jsonl': content.join('\r\n') });
  expect(runs).toHaveLength(2);
  const lines = [2, 4, 5, 12, 13, 14, 15, 16].map((number) => `line ${number}`);
  expect(placesOf(setAside)).toEqual({ 'a.jsonl': lines });
});

test('a fork counts only what is new in it, whichever is read first', async () => {
  const path = '/x/2026-05-04_session-a.jsonl';
  const fork = head({ id: 'session-b', timestamp: at(100), parentSession: path });
  const files = writtenFiles({
    'a.jsonl': jsonl([fork, ...FIRST, user(9, 'Three'), assistant(10, [text('c')], {}, 11)]),
    'b.jsonl': jsonl(SESSION),
    'copies/b.jsonl': jsonl(SESSION.slice(0, 3)),
  });
  const { runs, links } = await importedBy(pi, files);
  expect(
    runs.map(({ input, sessionId, usage }) => [input.prompt, sessionId, usage?.outputTokens]),
  ).toEqual([
    ['One', 'session-a', 10],
    ['Two', 'session-a', 9],
    ['Three', 'session-b', 11],
  ]);
  expect((await importedBy(pi, files.toReversed())).runs).toEqual(runs);
  expect(links.get('a.jsonl')).toContain('session session-a');
  const shared = links.get('a.jsonl')?.filter((name) => links.get('b.jsonl')?.includes(name));
  expect(shared?.some((name) => name.startsWith('call '))).toBe(true);
});

test('old sessions without ids, and copies of them that got new ids, count once', async () => {
  const old = SESSION.map(({ id: _, parentId: __, ...line }) => line);
  const [, ...rest] = old;
  const renewed = rest.map((line, index) => ({ ...line, id: `n${index}`, parentId: null }));
  const { runs } = await imported({
    'a.jsonl': jsonl([head({ branchedFrom: '/x/y' }), ...rest]),
    'b.jsonl': jsonl([head({ id: 'session-b', timestamp: at(100) }), ...renewed]),
  });
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([10, 9]);
});

test('what a fork goes on with in the middle of a run is a run of its own', async () => {
  const fork = head({ id: 'session-b', timestamp: at(100) });
  const { runs } = await imported({
    'a.jsonl': jsonl(SESSION),
    'b.jsonl': jsonl([fork, ...FIRST.slice(0, 3), assistant(9, [text('z')], {}, 20)]),
  });
  expect(runs.map(({ usage }) => usage?.outputTokens).sort()).toEqual([10, 20, 9]);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(3);
});

test('a session that grows is what it is when it is whole', async () => {
  expect(await growsAsWritten(pi, { name: 'a.jsonl', text: jsonl(SESSION) })).toBe(2);
});

test('values of any kind in any member break nothing', async () => {
  await readsEach(pi, 'a.jsonl', withAnyLine(SESSION));
});

test('a run without any time begins when its file changed', async () => {
  const lines = [{ type: 'message', message: { role: 'user', content: 'One' } }];
  const { runs } = await imported({ 'shop/a.jsonl': jsonl(lines) });
  expect(runs).toMatchObject([
    { startedAt: '2026-05-04T12:00:00.000Z', metadata: { startedAtFrom: 'file' } },
  ]);
  expect(runs[0]).toMatchObject({ repository: 'shop', source: { key: 'a#1' } });
});

test('a file that is gone is told of, and the others are read', async () => {
  const files = writtenFiles({ 'a.jsonl': jsonl(SESSION), 'b.jsonl': jsonl(SESSION) });
  rmSync(files[1]?.path ?? '');
  const { runs, setAside } = await importedBy(pi, files);
  expect(runs).toHaveLength(2);
  expect(placesOf(setAside)).toEqual({ 'b.jsonl': ['file'] });
});

test('sessions lie where pi keeps them', () => {
  const at = (variables: Record<string, string>) => pi.folders({ home: '/home/ada', variables });
  expect(at({})).toEqual([join('/home/ada/.pi/agent/sessions')]);
  expect(at({ PI_CODING_AGENT_DIR: '~/pi' })).toEqual(['/home/ada/pi/sessions']);
  const both = { PI_CODING_AGENT_DIR: '/x', PI_CODING_AGENT_SESSION_DIR: '/y' };
  expect(at(both)).toEqual(['/y']);
});
