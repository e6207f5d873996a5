import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import {
  digestOf,
  openRunRepository,
  type RunRepository,
  type StoredRun,
} from '../../../src/index.ts';
import { checkFolder } from './check-folder.ts';
import { databaseOf, pathOf } from './durable-kinds.ts';
import { COMMON_WORD, REVISION_WORDS } from './fault-run.ts';
import type { StoredDigests } from './history.ts';

/**
 * Opens a store of `faultRun`s after a fault, as anybody would, and checks that it is consistent in
 * itself: ledger, figures, search and what lies below agree with the runs. Returns the digest of each
 * run, computed from what was read.
 */
export async function inspectStore(store: string): Promise<StoredDigests> {
  const repository = await openRunRepository(store);
  try {
    const runs = await Array.fromAsync(repository.stream());
    const digests = new Map(runs.map((run) => [run.id, digestOf(run)]));
    assert.equal(digests.size, runs.length, 'a run was streamed twice');
    assert.equal((await repository.statistics()).totalRuns, runs.length, 'statistics');
    assert.deepEqual(differing(await lastDigests(repository), digests), [], 'ledger and runs');
    await checkSearch(repository, runs);
    if (store.startsWith('file:')) checkFolder(pathOf(store), digests);
    return digests;
  } finally {
    await repository.close();
    checkDatabase(databaseOf(store));
  }
}

/** The digest that the ledger tells last of each run that is not deleted. */
async function lastDigests(repository: RunRepository): Promise<Map<string, string>> {
  const changes = await Array.fromAsync(repository.changes());
  const digests = new Map<string, string>();
  for (const [index, { at, runId, digest }] of changes.entries()) {
    assert.ok(at >= (changes[index - 1]?.at ?? ''), `time goes back at change ${index}`);
    if (digest === null) digests.delete(runId);
    else digests.set(runId, digest);
  }
  // Positions are places in this one order: from the middle on comes the other half.
  const middle = Math.floor(changes.length / 2);
  const after = changes[middle]?.position;
  if (after !== undefined) {
    const rest = await Array.fromAsync(repository.changes({ after }));
    assert.deepEqual(rest, changes.slice(middle + 1), 'the ledger from its middle on');
  }
  return digests;
}

/** The ids of the runs that the two have differently. */
function differing(one: StoredDigests, other: StoredDigests): string[] {
  const ids = new Set([...one.keys(), ...other.keys()]);
  return [...ids].filter((id) => one.get(id) !== other.get(id));
}

async function checkSearch(repository: RunRepository, runs: readonly StoredRun[]): Promise<void> {
  const withWord = (word: string) =>
    runs.filter(({ input, output }) => `${input.prompt} ${output?.message}`.includes(word));
  for (const word of [COMMON_WORD, ...REVISION_WORDS]) {
    const ids = withWord(word).map(({ id }) => id);
    assert.deepEqual(await found(repository, word), new Set(ids), `search for ${word}`);
  }
}

async function found(repository: RunRepository, word: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const options = { limit: 500, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor, behind } = await repository.search(word, options);
    // A search takes in a bounded number of changes: begin again until it has seen all.
    if (behind > 0) {
      ids.clear();
      cursor = undefined;
      continue;
    }
    for (const { run } of items) ids.add(run.id);
    cursor = nextCursor;
  }
  return ids;
}

function checkDatabase(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const integrity = database.prepare('PRAGMA integrity_check').all();
    assert.deepEqual(integrity.map(Object.values), [['ok']]);
    assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
  } finally {
    database.close();
  }
}
