import { readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { idOf, makeRuns } from '../../../../src/conformance/make-run.ts';
import type { AgentRun } from '../../../../src/domain/run.ts';
import { guardRepository } from '../../../../src/repository/guard/guarded-repository.ts';
import type { RunRepository } from '../../../../src/repository/run-repository.ts';
import type { RunStore } from '../../../../src/repository/run-store.ts';
import {
  type FileStoreOptions,
  openFileStore,
} from '../../../../src/stores/file/open-file-store.ts';
import { folderInMemory } from '../../../support/temporary-folder.ts';

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

/** The name of the file of a numbered run. */
export const fileOf = (number: number) => `${idOf(number)}.json`;

/** A folder with so many runs that another program wrote. */
export async function folderOf(count: number): Promise<string> {
  const folder = folderInMemory();
  for (const run of makeRuns(count)) writeJson(folder, `${run.id}.json`, run);
  await settle();
  return folder;
}

/** Changes fields of a run in its file, as an editor does: in place, version and times as they were. */
export function edit(folder: string, number: number, fields: object): void {
  writeJson(folder, fileOf(number), { ...readJson(folder, fileOf(number)), ...fields });
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

/**
 * Moves a file to another folder, which it gives, and leaves a link: of what happens behind that, the
 * system tells nothing.
 */
export function behindLink(folder: string, name: string): string {
  const elsewhere = folderInMemory();
  renameSync(join(folder, name), join(elsewhere, name));
  symlinkSync(join(elsewhere, name), join(folder, name));
  return elsewhere;
}

/** Long enough for the times of a file to tell a later change from an earlier one. */
export const settle = () => delay(60);
