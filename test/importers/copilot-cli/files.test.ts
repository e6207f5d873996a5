import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copilotCli } from '../../../src/importers/copilot-cli/copilot-cli.ts';
import { discover } from '../../../src/importers/discover.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { readsEach, withAnyLine } from '../support/any-values.ts';
import { growsAsWritten } from '../support/growing.ts';
import { importedBy, placesOf, writtenFiles } from '../support/imported.ts';
import { assistant, event, imported, jsonl, result, shutdown, start, user } from './sessions.ts';

const SESSION = [
  start(),
  user(1, 'One'),
  assistant(2, '', ['t']),
  result(3, 't'),
  assistant(4, 'a'),
  user(5, 'Two'),
  assistant(6, 'b', [], { outputTokens: 9 }),
  shutdown(7, { 'gpt-5': { inputTokens: 50, cacheReadTokens: 20, outputTokens: 20 } }),
];

test('what cannot be read is told of by file and line, and the rest is taken', async () => {
  const [first, ...more] = SESSION;
  const content = [
    `\ufeff${JSON.stringify(first)}`,
    ...['// comment', '', JSON.stringify(event(8, 'session.surprise')), '[1]', '{"data":{}}'],
    ...more.map((line) => JSON.stringify(line)),
    ...['{"type":"hook.start","x":NaN}', '{"type":"mess'],
  ];
  const { runs, setAside } = await imported({ 'a.jsonl': content.join('\r\n') });
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([10, 10]);
  const lines = [2, 4, 5, 6, 14, 15].map((number) => `line ${number}`);
  expect(placesOf(setAside)).toEqual({ 'a.jsonl': lines });
});

test('what stands in several sessions counts once, whichever is read first', async () => {
  const fork = start({ sessionId: 'session-b' }, 100);
  const files = writtenFiles({
    'b/events.jsonl': jsonl([
      fork,
      ...SESSION.slice(1, 5),
      user(101, 'Three'),
      assistant(102, 'c'),
    ]),
    'a/events.jsonl': jsonl(SESSION),
    'copy/events.jsonl': jsonl(SESSION.slice(0, 3)),
  });
  const { runs, links } = await importedBy(copilotCli, files);
  expect(
    runs.map(({ input, sessionId, usage }) => [input.prompt, sessionId, usage?.outputTokens]),
  ).toEqual([
    ['One', 'session-a', 10],
    ['Two', 'session-a', 10],
    ['Three', 'session-b', 5],
  ]);
  expect((await importedBy(copilotCli, files.toReversed())).runs).toEqual(runs);
  expect(
    links.get('events.jsonl')?.filter((name) => name === `event ${SESSION[1]?.id}`),
  ).toHaveLength(3);
});

test('short ids stand for other events in each session, and one for several tells nothing', async () => {
  const short = (sessionId: string, ids: string[]) =>
    jsonl([
      start({ sessionId }),
      ...SESSION.slice(4, 7).map((line, index) => ({ ...line, id: ids[index] })),
    ]);
  const { runs } = await imported({
    'a.jsonl': short('a', ['e1', 'e2', 'e3']),
    'b.jsonl': short('b', ['e1', 'e2', 'e3']),
    'c.jsonl': short('c', ['x', 'x', 'x']),
  });
  expect(runs.map(({ source }) => source?.key).sort()).toEqual([
    ...['a:e1', 'a:e2', 'b:e1', 'b:e2', 'c#3', 'c:x'],
  ]);
});

test('an event that stands twice in a file counts once', async () => {
  const { runs } = await imported({ 'a.jsonl': jsonl(SESSION.flatMap((line) => [line, line])) });
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([10, 10]);
});

test('a session that grows is what it is when it is whole', async () => {
  expect(await growsAsWritten(copilotCli, { name: 'a/events.jsonl', text: jsonl(SESSION) })).toBe(
    2,
  );
});

test('values of any kind in any member break nothing', async () => {
  await readsEach(copilotCli, 'events.jsonl', withAnyLine(SESSION));
});

test('sessions are found where Copilot CLI keeps them; those of older versions are told of', async () => {
  const files = writtenFiles({
    '.copilot/session-state/a/events.jsonl': jsonl(SESSION),
    '.copilot/session-state/a/files/data.jsonl': '{}',
    '.copilot/session-state/b.jsonl': '',
    '.copilot/history-session-state/c.json': '{"secret":1}',
    '.copilot/config.json': '{}',
  });
  const home = files[0]?.path.split('/.copilot/')[0] ?? '';
  const paths = (found: { path: string }[]) =>
    found.map(({ path }) => path.slice(home.length + 10));
  const expected = [
    'history-session-state/c.json',
    'session-state/a/events.jsonl',
    'session-state/b.jsonl',
  ];
  const found = await discover(copilotCli, { home, variables: {} });
  expect(paths(found)).toEqual(expected);
  const variables = { COPILOT_HOME: join(home, '.copilot') };
  expect(await discover(copilotCli, { home: '/nowhere', variables })).toHaveLength(3);
  expect(paths(await copilotCli.filesIn(join(home, '.copilot')))).toEqual(expected);
  expect(await discover(copilotCli, { home: temporaryFolder(), variables: {} })).toEqual([]);
  const { runs, setAside } = await importedBy(copilotCli, found);
  expect(runs).toHaveLength(2);
  expect(setAside).toMatchObject([{ name: 'file', bytes: null }]);
});

test('a file that is gone is told of', async () => {
  const files = writtenFiles({ 'a.jsonl': jsonl(SESSION), 'b.jsonl': '' });
  rmSync(files[1]?.path ?? '');
  const { runs, setAside } = await importedBy(copilotCli, files);
  expect(runs).toHaveLength(2);
  expect(placesOf(setAside)).toEqual({ 'b.jsonl': ['file'] });
});
