import { makeRun, makeRuns } from '../../../src/conformance/make-run.ts';
import { put } from '../../../src/conformance/operations.ts';
import type { AgentRun } from '../../../src/domain/run.ts';
import type { RunStore } from '../../../src/repository/run-store.ts';
import { openMemoryStore } from '../../../src/stores/memory/memory-run-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { heldBy, takeBackup } from './backups.ts';

/** Saves runs in one transaction. */
export async function save(store: RunStore, ...runs: AgentRun[]): Promise<void> {
  await store.write(
    runs.map((run) => put(run)),
    { atomic: true },
  );
}

/** Deletes a run. */
export async function remove(store: RunStore, { id }: AgentRun): Promise<void> {
  await store.write([{ kind: 'delete', id, expect: {} }], { atomic: true });
}

/** A folder with a full backup and two increments, and what each of them is to restore. */
export async function chainOfThree() {
  const folder = temporaryFolder();
  const store = openMemoryStore();
  const expected: Map<string, string>[] = [];
  await save(store, ...makeRuns(5));
  const full = await takeBackup(store, folder, { format: 'json' });
  expected.push(await heldBy(store));
  await save(store, makeRun(1, { tags: ['a'] }), makeRun(7));
  await remove(store, makeRun(2));
  const second = await takeBackup(store, folder, { format: 'sqlite', since: full });
  expected.push(await heldBy(store));
  await save(store, makeRun(2, { tags: ['again'] }), makeRun(1));
  await remove(store, makeRun(7));
  const third = await takeBackup(store, folder, { since: second });
  expected.push(await heldBy(store));
  return { folder, store, backups: [full, second, third] as const, expected };
}
