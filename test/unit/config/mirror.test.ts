import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, load, refusalOf } from './support/configuration-folder.ts';

const files = { 'runledger.config.yaml': 'mirror: sqlite:./mirror.db\n' };

test('is a store as a text names it; its place begins at the file', async () => {
  const directory = folderOf(files);
  const { mirror, settings } = await load({ directory });
  expect(mirror).toMatchObject({ type: 'sqlite', database: join(directory, 'mirror.db') });
  expect(settings).toContainEqual({
    name: 'mirror',
    value: 'sqlite:./mirror.db',
    source: 'runledger.config.yaml',
  });
});

test('is no option of the store itself, and is none where none is named', async () => {
  expect((await load({ files })).database).not.toHaveProperty('mirror');
  expect((await load({})).mirror).toBeNull();
});

test('belongs to the configured store: another one that is named has none', async () => {
  expect((await load({ files, store: 'sqlite:./other.db' })).mirror).toBeNull();
  expect((await load({ files, store: 'sqlite' })).mirror).toMatchObject({ type: 'sqlite' });
});

test('has a variable, which outranks files', async () => {
  const { mirror } = await load({ files, environment: { RUNLEDGER_MIRROR: 'file:/kept' } });
  expect(mirror).toEqual({ type: 'file', database: '/kept' });
});

test('takes variables in files, and hides a password', async () => {
  const url = 'mirror: postgres://me:${PW}@db/runs\n';
  const environment = { PW: 'hunter2' };
  const { mirror, settings } = await load({ files: { 'runledger.config.yaml': url }, environment });
  expect(mirror).toMatchObject({ type: 'postgres', host: 'db', password: 'hunter2' });
  expect(JSON.stringify(settings)).not.toContain('hunter2');
  expect(settings.find(({ name }) => name === 'mirror')?.value).toBe('postgres://me:***@db/runs');
});

test('a store of another kind has none, either', async () => {
  expect((await load({ files, store: 'file' })).mirror).toBeNull();
});

test.each([
  ['oracle:x', 'mirror: "oracle" is no kind of store'],
  ['./mirror.db', 'mirror: A path alone names no store.'],
])('%s is refused', async (named, message) => {
  const wrong = { 'runledger.config.yaml': `mirror: ${named}\n` };
  expect((await refusalOf(load({ files: wrong }))).message).toContain(message);
});

test('a block is no store', async () => {
  const wrong = { 'runledger.config.yaml': 'mirror:\n  type: sqlite\n' };
  const { message } = await refusalOf(load({ files: wrong }));
  expect(message).toContain('mirror must be a string');
});
