import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { idOf, makeRun } from '../../../src/conformance/make-run.ts';
import { openRunFolder } from '../../../src/stores/file/run-folder.ts';
import {
  asOrdinaryUser,
  id,
  oldJson,
  oldRun,
  useRunFolder,
} from '../../support/run-folder-files.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { fileOf, writeJson } from './support/file-store.ts';

const files = useRunFolder();

describe('a folder as a source', () => {
  test('has an absolute origin, a count, and runs in the order of their names', async () => {
    for (const n of [3, 1, 2]) files.put(`${id(n)}.json`, oldJson(n));
    const source = await openRunFolder(files.path());
    expect(source.origin).toBe(`file:${files.path()}`);
    expect(await source.count()).toBe(3);
    const names = (await files.read()).map((item) => item.kind === 'run' && item.name);
    expect(names).toEqual([1, 2, 3].map((n) => `${id(n)}.json`));
  });

  test('keeps no past of a run', async () => {
    files.put(`${id(1)}.json`, oldJson(1));
    expect(await (await openRunFolder(files.path())).pastOf(id(1))).toEqual({
      digests: [],
      isWhole: false,
    });
  });

  test('gives the run with the digest of its canonical JSON', async () => {
    files.put(`${id(1)}.json`, oldJson(1));
    const [item] = await files.read();
    const canonical = `{"id":"${id(1)}","input":{"diff":"","model":"m","prompt":"Prompt é","recentCommits":[],"temperature":0.7},"repository":"web-shop","retryCount":0,"startedAt":"2026-09-01T08:13:34.569Z","status":"SUCCESS"}`;
    const digest = createHash('sha256').update(canonical).digest('hex');
    expect(item).toMatchObject({ kind: 'run', run: oldRun(1), digest });
  });

  test('passes over .runledger alone; other dot files are told', async () => {
    mkdirSync(files.path('.runledger'));
    files.put('.gitkeep', '');
    expect(await files.readSetAside()).toMatchObject([
      { name: '.gitkeep', origin: `file:${files.path()}` },
    ]);
    expect(await (await openRunFolder(files.path())).count()).toBe(1);
  });

  test('takes a byte order mark, CR LF, unknown fields and a name that is not the id', async () => {
    files.put(`${id(1)}.json`, `\ufeff${oldJson(1)}`);
    files.put(`${id(2)}.json`, oldJson(2).replaceAll('\n', '\r\n'));
    files.put(`${id(3)}.json`, oldJson(3, { hostname: 'a', output: { message: 'm', cost: 1 } }));
    files.put('copy of a run.json', oldJson(4));
    files.put(`${id(5).toUpperCase()}.json`, oldJson(5, { id: id(5).toUpperCase() }));
    const items = await files.read();
    expect(items.map((item) => item.kind === 'run' && item.run.id).sort()).toEqual(
      [1, 2, 3, 4, 5].map(id),
    );
    expect(items[2]).toMatchObject({ run: { hostname: 'a', output: { message: 'm', cost: 1 } } });
  });

  test('follows a symbolic link to a file', async () => {
    files.put('elsewhere.txt', oldJson(1));
    symlinkSync('elsewhere.txt', files.path(`${id(1)}.json`));
    expect((await files.read()).filter(({ kind }) => kind === 'run')).toHaveLength(1);
  });

  test('changes nothing in the folder', async () => {
    files.put(`${id(1)}.json`, oldJson(1));
    files.put('b.json', 'x');
    await files.read();
    expect(readdirSync(files.path())).toEqual([`${id(1)}.json`, 'b.json']);
    expect(readFileSync(files.path('b.json'), 'utf8')).toBe('x');
  });
});

test('what is changed, added or deleted while it is read comes again at the end', async () => {
  for (const n of [1, 2, 3, 4]) files.put(`${id(n)}.json`, oldJson(n));
  const given: string[] = [];
  for await (const item of (await openRunFolder(files.path())).items()) {
    if (given.length === 2) {
      files.put(`${id(1)}.json`, oldJson(1, { status: 'FAILED' }));
      rmSync(files.path(`${id(2)}.json`));
      files.put(`${id(4)}.json`, oldJson(4, { status: 'FAILED' }));
      files.put(`${id(0)}.json`, oldJson(0));
      files.put('other.json', oldJson(5));
    }
    if (item.kind === 'run') given.push(`${item.run.id.at(-1)} ${item.run.status}`);
    if (item.kind === 'deleted') given.push(`${item.id.at(-1)} gone`);
    if (item.kind === 'set-aside') given.push(item.item.name);
  }
  expect(given.slice(0, 4)).toEqual(['1 SUCCESS', '2 SUCCESS', '3 SUCCESS', '4 FAILED']);
  expect(given.slice(4)).toEqual(['0 SUCCESS', '1 FAILED', '2 gone', 'other.json']);
});

describe('what is no folder', () => {
  test('a missing one', async () => {
    await expect(openRunFolder(files.path('x'))).rejects.toMatchObject({
      code: 'MISSING',
      message: expect.stringContaining(files.path('x')),
      hint: expect.stringMatching(/path/),
    });
  });

  test('a file', async () => {
    files.put('x', '');
    await expect(openRunFolder(files.path('x'))).rejects.toMatchObject({
      code: 'CORRUPT',
      hint: expect.stringMatching(/sqlite:/),
    });
  });

  test('one that may not be read', async (context) => {
    context.skip(
      process.platform === 'win32',
      'Windows has neither POSIX modes nor named pipes in folders',
    );
    const closed = files.path('closed');
    mkdirSync(closed, { mode: 0 });
    chmodSync(files.path(), 0o755);
    await asOrdinaryUser(async () => {
      await expect(openRunFolder(closed)).rejects.toMatchObject({
        code: 'STORE_FAILED',
        hint: expect.stringMatching(/permission/),
      });
    });
  });
});

test('the examples that ship are twelve good runs, with all the old words they show', async () => {
  const items = await files.read(join(import.meta.dirname, '../../../examples/claude-runs'));
  const runs = items.flatMap((item) => (item.kind === 'run' ? item.run : []));
  expect(items).toHaveLength(12);
  expect(runs).toHaveLength(12);
  const words = runs.map((run) => run.metadata?.sourceStatus ?? run.status);
  expect(new Set(words)).toEqual(
    new Set(['SUCCESS', 'FAILED', 'RETRYING', 'TIMEOUT', 'COMPLETED', 'CANCELLED', 'QUEUED']),
  );
  for (const { parentRunId } of runs.filter((run) => run.retryCount > 0)) {
    expect(runs.find((run) => run.id === parentRunId)?.status).toBe('RETRYING');
  }
});

test('what is no run, or the last file, and is deleted while a folder is read', async () => {
  const folder = folderInMemory();
  for (const number of [1, 2, 3]) writeJson(folder, fileOf(number), makeRun(number));
  writeFileSync(join(folder, 'README.md'), '');
  const given: string[] = [];
  for await (const item of (await openRunFolder(folder)).items()) {
    if (given.length === 0) rmSync(join(folder, 'README.md'));
    if (given.length === 3) rmSync(join(folder, fileOf(3)));
    if (item.kind === 'set-aside') given.push(item.item.name);
    if (item.kind === 'run') given.push(item.run.id);
    if (item.kind === 'deleted') given.push(`${item.id} gone`);
  }
  expect(given.slice(3)).toEqual(['README.md', `${idOf(3)} gone`]);
});
