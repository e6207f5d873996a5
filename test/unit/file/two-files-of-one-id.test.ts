import { describe, expect, test } from 'vitest';
import { makeRun } from '../../../src/conformance/make-run.ts';
import { openRunFolder } from '../../../src/stores/file/run-folder.ts';
import { id, oldJson, useRunFolder } from '../../support/run-folder-files.ts';
import { folderInMemory } from '../../support/temporary-folder.ts';
import { writeJson } from './support/file-store.ts';

const files = useRunFolder();

describe('two files of one id', () => {
  const early = { status: 'FAILED', completedAt: '2026-09-01T08:20:00.000Z' };
  const late = { status: 'SUCCESS', completedAt: '2026-09-01T08:30:00.000Z' };

  /** Which file is taken for the run, and which others are set aside. */
  async function outcome() {
    const items = await files.read();
    const taken = items.flatMap((item) => (item.kind === 'run' ? item.name : []));
    const others = items.flatMap((item) => (item.kind === 'set-aside' ? item.item : []));
    return { taken, others };
  }

  test('the one that is named by the id counts, even where the other is later', async () => {
    files.put(`${id(1)}.json`, oldJson(1, early));
    files.put(`${id(1)} (1).json`, oldJson(1, late));
    const { taken, others } = await outcome();
    expect(taken).toEqual([`${id(1)}.json`]);
    expect(others).toMatchObject([
      { name: `${id(1)} (1).json`, bytes: Buffer.from(oldJson(1, late)) },
    ]);
    expect(others[0]?.reason).toContain(
      `completed at 2026-09-01T08:30:00.000Z, but "${id(1)}.json"`,
    );
  });

  test('between two that are not, the later state counts', async () => {
    files.put('a.json', oldJson(1, early));
    files.put('b.json', oldJson(1, late));
    files.put('c.json', oldJson(1, { status: 'RUNNING', startedAt: '2026-09-01T09:00:00.000Z' }));
    const { taken, others } = await outcome();
    expect(taken).toEqual(['b.json']);
    expect(others.map(({ name }) => name)).toEqual(['a.json', 'c.json']);
  });

  test('of two that never completed, the one that started later', async () => {
    files.put('a.json', oldJson(1));
    files.put('b.json', oldJson(1, { startedAt: '2026-09-01T09:00:00.000Z' }));
    files.put('c.json', oldJson(1));
    expect((await outcome()).taken).toEqual(['b.json']);
  });

  test('a copy steps in where the file named by the id is broken', async () => {
    files.put(`${id(1)}.json`, oldJson(1).slice(0, 50));
    files.put(`${id(1)} (1).json`, oldJson(1));
    const { taken, others } = await outcome();
    expect(taken).toEqual([`${id(1)} (1).json`]);
    expect(others.map(({ name }) => name)).toEqual([`${id(1)}.json`]);
  });

  test('one that changes while the folder is read is not taken for what it was', async () => {
    files.put('a.json', oldJson(1));
    files.put(`${id(2)}.json`, oldJson(2));
    files.put('z.json', oldJson(3));
    const items = (await openRunFolder(files.path())).items()[Symbol.asyncIterator]();
    await items.next();
    // The file named by its id comes first; the two others have been looked at when a third is asked for.
    const second = items.next();
    await second;
    files.put('z.json', oldJson(4));
    expect((await items.next()).value).toMatchObject({
      item: { reason: expect.stringMatching(/changed/) },
    });
  });
});

test('of two that are alike, the first by name', async () => {
  const folder = folderInMemory();
  writeJson(folder, 'b.json', makeRun(1, { branch: 'b' }));
  writeJson(folder, 'a.json', makeRun(1, { branch: 'a' }));
  const items = await Array.fromAsync((await openRunFolder(folder)).items());
  expect(items.flatMap((item) => (item.kind === 'run' ? item.name : []))).toEqual(['a.json']);
});
