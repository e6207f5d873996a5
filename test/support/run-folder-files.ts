import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { SourceItem } from '../../src/repository/run-source.ts';
import { openRunFolder } from '../../src/stores/file/run-folder.ts';

/** The id number n. */
export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** The run number n in the layout of the old files. */
export function oldRun(n: number, more: object = {}) {
  return {
    id: id(n),
    repository: 'web-shop',
    status: 'SUCCESS',
    startedAt: '2026-09-01T08:13:34.569Z',
    input: { prompt: 'Prompt é', diff: '', recentCommits: [], model: 'm', temperature: 0.7 },
    retryCount: 0,
    ...more,
  };
}

/** The same as a file has it. */
export const oldJson = (n: number, more?: object) => JSON.stringify(oldRun(n, more), null, 2);

/** Gives each test of a file an empty folder, and the means to fill and read it as a source. */
export function useRunFolder() {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runledger-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (path = folder): Promise<SourceItem[]> => {
    const source = await openRunFolder(path);
    return await Array.fromAsync(source.items());
  };
  return {
    path: (name = '') => join(folder, name),
    put: (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content),
    read,
    /** What was set aside. */
    readSetAside: async () =>
      (await read()).flatMap((item) => (item.kind === 'set-aside' ? item.item : [])),
  };
}

/** Runs a piece of a test as a user who may not read everything: root may, whatever the mode. */
export async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
