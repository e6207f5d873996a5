import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunSource, SourceItem } from '../../repository/run-source.ts';
import { breathe } from '../sqlite/breathe.ts';
import { GONE } from './file-signature.ts';
import { INDEX_FILE, OWN_FOLDER, runFileName, runIdOfFile, SOURCES_FILE } from './folder-names.ts';
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
    pastOf: async () => ({ digests: [], isWhole: false }),
  };
}

/**
 * Whether a store was opened on a folder, which then knows its past, or files that runs were imported from:
 * those are there also where its index was taken away.
 */
export function isStore(path: string): boolean {
  const own = join(resolve(path), OWN_FOLDER);
  return [INDEX_FILE, SOURCES_FILE].some((name) => existsSync(join(own, name)));
}
async function* itemsOf(folder: string): AsyncGenerator<SourceItem, void, void> {
  const names = (await listFolder(folder)).names.sort();
  /** What each file was known by when it was read; in one piece, because there may be very many. */
  const signatures = new Float64Array(names.length);
  const misnamed: RunClaim[] = [];
  /** Names that do not stand for a run that was given. */
  const others = new Set<string>();
  for (const [at, name] of names.entries()) {
    signatures[at] = lookAtFile(folder, name).signature ?? GONE;
    const file = readRunFile(folder, name);
    await breathe();
    const isNamed = file.kind === 'run' && name === runFileName(file.run.id);
    if (!isNamed) others.add(name);
    if (file.kind === 'run' && !isNamed) misnamed.push(claimOf(name, file));
    else yield itemOf(folder, name, file);
  }
  const all = new Set(misnamed.length > 0 ? names : []);
  const isGiven = (name: string) => all.has(name) && !others.has(name);
  for (const [id, claims] of Map.groupBy(misnamed, (claim) => claim.id)) {
    const own = runFileName(id);
    const winner = isGiven(own) ? own : countingFile(claims);
    for (const claim of claims) yield readAgain(folder, claim, winner);
  }
  yield* changedSince(folder, { names, signatures, others });
}

/** What was read of a folder. */
interface FolderReading {
  /** Sorted. */
  names: readonly string[];
  /** One for each name. */
  signatures: Float64Array;
  others: ReadonlySet<string>;
}

/** Reads a misnamed file once more, now that it is known which file counts for its id. */
function readAgain(folder: string, claim: RunClaim, winner: string): SourceItem {
  const file = readRunFile(folder, claim.name);
  const { bytes } = file;
  if (file.kind === 'run' && file.digest !== claim.digest) {
    return asideOf(folder, claim.name, { reason: CHANGED, bytes });
  }
  if (file.kind !== 'run' || winner === claim.name) return itemOf(folder, claim.name, file);
  const reason = whySpare(claim, winner);
  return asideOf(folder, claim.name, { reason, bytes });
}

/** What was written, added or deleted since it was read. */
async function* changedSince(
  folder: string,
  { names, signatures, others }: FolderReading,
): AsyncGenerator<SourceItem, void, void> {
  const now = (await listFolder(folder)).names.sort();
  let at = 0;
  for (const name of now) {
    for (; at < names.length && (names[at] ?? '') < name; at += 1) {
      yield* deletionOf(names[at] ?? '', others);
    }
    const isKnown = names[at] === name;
    const signature = isKnown ? signatures[at] : GONE;
    if (isKnown) at += 1;
    if ((lookAtFile(folder, name).signature ?? GONE) === signature) continue;
    const file = readRunFile(folder, name);
    const isMisnamed = file.kind === 'run' && name !== runFileName(file.run.id);
    // Which of several misnamed files counts would be to decide anew.
    yield isMisnamed
      ? asideOf(folder, name, { reason: CHANGED, bytes: file.bytes })
      : itemOf(folder, name, file);
  }
  for (; at < names.length; at += 1) yield* deletionOf(names[at] ?? '', others);
}

function* deletionOf(name: string, others: ReadonlySet<string>): Generator<SourceItem> {
  if (!others.has(name)) yield { kind: 'deleted', id: runIdOfFile(name) };
}

const CHANGED = 'The file changed while the folder was read. Read the folder once more.';

function itemOf(folder: string, name: string, file: RunFile): SourceItem {
  return file.kind === 'run'
    ? { kind: 'run', name, run: file.run, digest: file.digest }
    : asideOf(folder, name, file);
}

function asideOf(folder: string, name: string, found: Parameters<typeof setAside>[2]): SourceItem {
  return { kind: 'set-aside', item: setAside(originOf(folder), name, found) };
}
