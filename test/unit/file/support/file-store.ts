import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { AgentRun } from '../../../../src/domain/run.ts';
import { guardRepository } from '../../../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../../../src/repository/run-repository.ts';
import type { RunStore } from '../../../../src/repository/run-store.ts';
import {
  type FileStoreOptions,
  openFileStore,
} from '../../../../src/stores/file/open-file-store.ts';

/** A store over a folder, with the repository in front of it. */
export interface OpenFolder {
  store: RunStore;
  repository: RunRepository;
}

/** No sweep comes by itself in a test that does not ask for it. */
const NEVER = 1e9;

/** Opens a folder as a store, closed when the test ends if not before. */
export async function openFolder(options: FileStoreOptions): Promise<OpenFolder> {
  const store = await openFileStore({ sweepMs: NEVER, ...options });
  const repository = guardRepository(store);
  onTestFinished(() => repository.close());
  return { store, repository };
}

/** The names in a folder, ours left out. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.runledger')
    .sort();
}

/** The file of a run, parsed. */
export function readJson(folder: string, name: string): AgentRun {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Writes a file as another program does: in place. */
export function writeJson(folder: string, name: string, value: object): void {
  writeFileSync(join(folder, name), JSON.stringify(value, null, 2));
}

/** Long enough for the times of a file to tell a later change from an earlier one. */
export const settle = () => delay(60);

/** Waits until something is so, for as long as a test may take. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(10);
}
