import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/canonical.ts';
import { opencode } from '../../../src/importers/opencode/opencode.ts';
import { copyRuns } from '../../../src/services/copy/copy-runs.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { runsOf as runsIn } from '../../support/list-source.ts';
import { withAnyValues } from '../support/any-values.ts';
import { importSource } from '../support/import-source.ts';
import { importedBy, placesOf, WRITTEN, writtenFiles } from '../support/imported.ts';
import {
  assistant,
  asText,
  type Files,
  finish,
  imported,
  inMemory,
  message,
  ms,
  session,
  text,
  tool,
  user,
} from './storages.ts';

const STORAGE: Files = {
  ...session('ses_a'),
  ...user(1, 'One'),
  ...assistant(2, 1, [{ type: 'step-start' }, text('I look.'), tool('a', 2), finish('tool-calls')]),
  ...assistant(3, 1, [text('a'), finish('stop', 4)], { finish: 'stop' }),
  ...user(5, 'Two'),
  ...assistant(6, 5, [text('b'), finish('stop', 9)], { finish: 'stop' }),
};

test('the order of files makes no difference', async () => {
  const files = writtenFiles(asText(STORAGE));
  const { runs } = await importedBy(opencode, files);
  expect(runs.map(({ usage }) => usage?.outputTokens)).toEqual([9, 9]);
  expect((await importedBy(opencode, files.toReversed())).runs).toEqual(runs);
});

test('a storage that fills is what it is when it is whole', async () => {
  const files = writtenFiles(asText(STORAGE));
  const store = openMemoryStore();
  for (const count of [...files.keys(), files.length]) {
    const source = importSource(opencode, files.slice(0, count), { origin: 'x', now: WRITTEN });
    expect((await copyRuns(source, store)).differences).toEqual([]);
  }
  const { runs } = await importedBy(opencode, files, WRITTEN);
  expect((await runsIn(store)).map(digestOf).sort()).toEqual(runs.map(digestOf).sort());
  await store.close();
});

test('what cannot be read is told of by its file, and the rest is taken', async () => {
  const { runs, setAside } = await imported({
    ...STORAGE,
    'storage/message/ses_a/cut.json': '{"id": "m9", "ro',
    'storage/message/ses_a/list.json': [1],
    'storage/message/ses_a/old.json': { id: 'm8', role: 'user', parts: [], metadata: {} },
    'storage/message/ses_a/role.json': { id: 'm7', role: 'oracle' },
    'storage/part/m1/surprise.json': { type: 'surprise' },
    'storage/part/m1/nan.json': '{"type": "text", "text": "!", "x": NaN}',
    'storage/part/nowhere/orphan.json': { type: 'text', text: 'x' },
    'storage/session/p/empty.json': '',
    'opencode.db': 'SQLite format 3',
  });
  const names = ['cut', 'list', 'old', 'role', 'surprise', 'nan', 'orphan', 'empty'];
  const places = [...names.map((name) => [`${name}.json`, ['file']]), ['opencode.db', ['file']]];
  expect(placesOf(setAside)).toEqual(Object.fromEntries(places));
  expect(runs.map(({ input }) => input.prompt)).toEqual(['One\n\n!', 'Two']);
});

test('a fork counts only what is new in it', async () => {
  const fork = (number: number, fields: object, parts: object[]) =>
    message(
      number,
      { ...fields, id: `f${number}` },
      parts.map((part) => ({ ...part })),
      'ses_0',
    );
  const time = (seconds: number) => ({
    time: { created: ms(seconds), completed: ms(seconds + 0.5) },
  });
  const said = { role: 'assistant', modelID: 'opus' };
  const tokens = { tokens: { input: 10, output: 9 } };
  const { runs } = await imported({
    ...session('ses_0', { time: { created: ms(100) } }),
    ...fork(1, { role: 'user' }, [text('One')]),
    ...fork(2, { ...said, ...time(2), ...tokens, parentID: 'f1' }, [text('a'), finish('stop', 9)]),
    ...fork(3, { role: 'user' }, [text('Other')]),
    ...fork(4, { ...said, ...time(101), ...tokens, parentID: 'f3' }, [
      text('z'),
      finish('stop', 7),
    ]),
    ...session('ses_a'),
    ...user(1, 'One'),
    ...assistant(2, 1, [text('a'), finish('stop', 9)], tokens),
  });
  expect(runs.map(({ sessionId, usage }) => [sessionId, usage?.outputTokens])).toEqual([
    ['ses_a', 9],
    ['ses_0', 7],
  ]);
});

test('storages of old versions are read, and what was moved from them counts once', async () => {
  const old = Object.entries(STORAGE).map(([path, value]) => [
    path
      .replace('storage/session/p/', 'project/x/storage/session/info/')
      .replace('storage/message/', 'project/x/storage/session/message/')
      .replace('storage/part/', 'project/x/storage/session/part/ses_a/'),
    value,
  ]);
  const { runs } = await imported(Object.fromEntries(old));
  expect(runs).toHaveLength(2);
  const both = await imported({ ...Object.fromEntries(old), ...STORAGE });
  expect(both.runs.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
  expect(both.runs[0]?.usage).toEqual(runs[0]?.usage);
  const flat = Object.entries(STORAGE).map(([path, value]) => [
    path.replace(/part\/m\d\//, 'part/'),
    value,
  ]);
  expect((await imported(Object.fromEntries(flat))).runs[0]?.usage).toEqual(runs[0]?.usage);
});

test('the working tree around the folder is the repository', async () => {
  const path = { cwd: '/home/ada/shop/till', root: '/home/ada/shop' };
  const files = { ...user(1, 'Look'), ...assistant(2, 1, [text('a')], { path }) };
  const [run] = (await imported(files)).runs;
  expect(run).toMatchObject({ repository: 'shop', workingDirectory: '/home/ada/shop/till' });
  const nowhere = {
    ...user(1, 'Look'),
    ...assistant(2, 1, [text('a')], { path: { cwd: '/tmp/x', root: '/' } }),
  };
  expect((await imported(nowhere)).runs[0]?.repository).toBe('x');
});

test('values of any kind in any member break nothing', async () => {
  for (const [path, value] of Object.entries(STORAGE)) {
    for (const odd of withAnyValues(value)) {
      const files = inMemory(asText({ ...STORAGE, [path]: odd }));
      const { runs, setAside } = await importedBy(opencode, files);
      expect(runs.length + setAside.length).toBeGreaterThan(0);
      expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
    }
  }
});

test('a file that is gone is told of, and the others are read', async () => {
  const files = writtenFiles(asText(STORAGE));
  rmSync(files.find(({ path }) => path.endsWith('m5.json'))?.path ?? '');
  const { runs, setAside } = await importedBy(opencode, files);
  expect(runs.map(({ input }) => input.prompt)).toEqual(['One', '']);
  expect(placesOf(setAside)['m5.json']).toEqual(['file']);
});

test('files lie where opencode keeps them, and a storage is one group', async () => {
  const folders = (variables: Record<string, string>) =>
    opencode.folders({ home: '/home/ada', variables });
  expect(folders({})).toEqual(['/home/ada/.local/share/opencode']);
  expect(folders({ XDG_DATA_HOME: '/x' })).toEqual(['/x/opencode']);
  const files = writtenFiles({
    ...asText(STORAGE),
    'opencode.db': '',
    'snapshot/message/a/b.json': '{}',
    'a.jsonl': '',
  });
  const root = files[0]?.path.replace('/storage/session/p/ses_a.json', '') ?? '';
  const found = await opencode.filesIn(root);
  expect(found.map(({ path }) => path).sort()).toEqual(
    files
      .slice(0, -2)
      .map(({ path }) => path)
      .sort(),
  );
  const groups = new Set(found.map(({ path }) => opencode.groupOf?.(path)));
  expect(groups).toEqual(new Set([root, join(root, 'opencode.db')]));
});
