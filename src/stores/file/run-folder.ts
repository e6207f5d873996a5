import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunSource, SourceItem } from '../../repository/run-source.ts';
import { breathe } from '../sqlite/breathe.ts';
import { INDEX_FILE, OWN_FOLDER, runFileName } from './folder-names.ts';
import { listFolder } from './list-folder.ts';
import { lookAtFile } from './look-at-file.ts';
import { type RunFile, readRunFile } from './read-run-file.ts';
import { claimOf, countingFile, type RunClaim, whySpare } from './run-claim.ts';
import { originOf, setAside } from './set-aside.ts';

/**
 * Opens a folder of run files, `<id>.json` each, to read from. Every entry of it becomes an item: a
 * run, or one that is set aside with a reason. Nothing is passed over in silence but `.runledger`
 * and what a write has not put in its place yet, which are ours; other dot files are set aside as well.
 * The folder is only read.
 *
 * A run whose file is not named by its id is taken by its id all the same, after the others; of two
 * files that hold one id, one counts (`countingFile`). Items come in the order of their names, in code
 * units; at the end comes again what was changed or deleted while the folder was read. Memory holds
 * the names and ids of the folder, and one file.
 *
 * Rejects with MISSING where there is no such folder, CORRUPT where it is no folder, STORE_FAILED
 * where it cannot be read.
 */
export async function openRunFolder(path: string): Promise<RunSource> {
  const folder = resolve(path);
  await listFolder(folder);
  return {
    origin: originOf(folder),
    count: async () => (await listFolder(folder)).names.length,
    items: () => itemsOf(folder),
    // A file holds its run as it is now and nothing of its past.
    pastDigests: async () => null,
  };
}

/** Whether a store was opened on a folder, which then knows its past. */
export function hasIndex(path: string): boolean {
  return existsSync(join(path, OWN_FOLDER, INDEX_FILE));
}

async function* itemsOf(folder: string): AsyncGenerator<SourceItem, void, void> {
  const { names } = await listFolder(folder);
  /** What each file was known by when it was read. */
  const read = new Map<string, number | null>();
  const named = new Set<string>();
  const misnamed: RunClaim[] = [];
  for (const name of names.sort()) {
    read.set(name, lookAtFile(folder, name).signature);
    const file = readRunFile(folder, name);
    await breathe();
    if (file.kind === 'run' && name !== runFileName(file.run.id)) {
      misnamed.push(claimOf(name, file));
    } else {
      if (file.kind === 'run') named.add(file.run.id);
      yield itemOf(folder, name, file);
    }
  }
  for (const [id, claims] of Map.groupBy(misnamed, (claim) => claim.id)) {
    const winner = named.has(id) ? runFileName(id) : (countingFile(claims) ?? '');
    for (const claim of claims) yield readAgain(folder, claim, winner);
  }
  yield* changedSince(folder, read, named);
}

/** Reads a misnamed file once more, now that it is known which file counts for its id. */
function readAgain(folder: string, claim: RunClaim, winner: string): SourceItem {
  const file = readRunFile(folder, claim.name);
  const { bytes } = file;
  if (file.kind === 'run' && file.digest !== claim.digest) {
    return { kind: 'set-aside', item: setAside(folder, claim.name, { reason: CHANGED, bytes }) };
  }
  if (file.kind !== 'run' || winner === claim.name) return itemOf(folder, claim.name, file);
  const reason = whySpare(claim, winner);
  return { kind: 'set-aside', item: setAside(folder, claim.name, { reason, bytes }) };
}

/** The files named by their id that were written, added or deleted since they were read. */
async function* changedSince(
  folder: string,
  read: ReadonlyMap<string, number | null>,
  named: ReadonlySet<string>,
): AsyncGenerator<SourceItem, void, void> {
  const now = new Set((await listFolder(folder)).names);
  for (const id of named) {
    if (!now.has(runFileName(id))) yield { kind: 'deleted', id };
  }
  for (const name of now) {
    if (read.get(name) === lookAtFile(folder, name).signature) continue;
    const file = readRunFile(folder, name);
    const isMisnamed = file.kind === 'run' && name !== runFileName(file.run.id);
    // Which of several misnamed files counts would be to decide anew.
    yield isMisnamed
      ? { kind: 'set-aside', item: setAside(folder, name, { reason: CHANGED, bytes: file.bytes }) }
      : itemOf(folder, name, file);
  }
}

const CHANGED = 'The file changed while the folder was read. Read the folder once more.';

function itemOf(folder: string, name: string, file: RunFile): SourceItem {
  return file.kind === 'run'
    ? { kind: 'run', name, run: file.run, digest: file.digest }
    : { kind: 'set-aside', item: setAside(folder, name, file) };
}
