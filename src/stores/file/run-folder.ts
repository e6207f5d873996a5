import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunledgerError } from '../../repository/errors.ts';
import type { RunSource, SourceItem } from '../../repository/run-source.ts';
import { compareStates, type MisnamedRun, misnamedRun, storyOf } from './misnamed-run.ts';
import { type RunFile, readRunFile } from './read-run-file.ts';

/** Ours: the index that a file store keeps beside the runs. */
const OWN_FOLDER = '.runledger';
/** Of a larger file that is no run, the quarantine keeps the name and the reason alone. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Opens a folder of run files, `<id>.json` each, to read from. Every entry of it becomes an item: a
 * run, or one that is set aside with a reason. Nothing is passed over in silence but `.runledger`,
 * which is ours; other dot files are set aside as well. The folder is only read.
 *
 * A run whose file is not named by its id is taken by its id all the same, after the others. Where
 * two files hold one id, the file that is named by it counts; between two that are not, the one that
 * completed later, then that which started later. Items come in the order of their names, in code
 * units. Memory holds the names and ids of the folder, and one file.
 *
 * Rejects with MISSING where there is no such folder, CORRUPT where it is no folder, STORE_FAILED
 * where it cannot be read.
 */
export async function openRunFolder(path: string): Promise<RunSource> {
  const folder = resolve(path);
  await entryNames(folder);
  return {
    origin: `file:${folder}`,
    count: async () => (await entryNames(folder)).length,
    items: () => itemsOf(folder),
    // A file holds its run as it is now and nothing of its past.
    pastDigests: async () => null,
  };
}

async function* itemsOf(folder: string): AsyncGenerator<SourceItem, void, void> {
  const idsByName = new Set<string>();
  const misnamed: MisnamedRun[] = [];
  for (const name of await entryNames(folder)) {
    const file = await readRunFile(folder, name);
    if (file.kind === 'unreadable') yield setAside(folder, name, file.reason, file.bytes);
    else if (name === `${file.run.id}.json`) {
      idsByName.add(file.run.id);
      yield runItem(name, file);
    } else misnamed.push(misnamedRun(name, file));
  }
  for (const [id, runs] of Map.groupBy(misnamed, (run) => run.id)) {
    const winner = idsByName.has(id) ? `${id}.json` : runs.toSorted(compareStates)[0]?.name;
    for (const run of runs) yield await readAgain(folder, run, winner ?? run.name);
  }
}

/** Reads a misnamed file once more, now that it is known which file counts for its id. */
async function readAgain(folder: string, run: MisnamedRun, winner: string): Promise<SourceItem> {
  const file = await readRunFile(folder, run.name);
  if (file.kind === 'unreadable') return setAside(folder, run.name, file.reason, file.bytes);
  if (file.digest !== run.digest) {
    const reason = 'The file changed while the folder was read. Read the folder once more.';
    return setAside(folder, run.name, reason, file.bytes);
  }
  if (winner === run.name) return runItem(run.name, file);
  const reason = `The file holds run ${run.id} as well, ${storyOf(run)}, but "${winner}" is taken for it. Compare the two and delete one.`;
  return setAside(folder, run.name, reason, file.bytes);
}

function runItem(name: string, { run, digest }: RunFile & { kind: 'run' }): SourceItem {
  return { kind: 'run', name, run, digest };
}

function setAside(
  folder: string,
  name: string,
  reason: string,
  bytes: Uint8Array | null,
): SourceItem {
  const origin = `file:${folder}`;
  if (bytes === null || bytes.length <= MAX_KEPT_BYTES) {
    return { kind: 'set-aside', item: { origin, name, reason, bytes } };
  }
  const size = `${Math.round(bytes.length / 1e6)} MB`;
  const told = `${reason} With ${size} it is too large for its bytes to be kept in the quarantine.`;
  return { kind: 'set-aside', item: { origin, name, reason: told, bytes: null } };
}

/** The names of all entries but our own, in the order of their code units. */
async function entryNames(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name !== OWN_FOLDER).sort();
  } catch (error) {
    throw folderError(folder, error);
  }
}

function folderError(folder: string, cause: unknown): RunledgerError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return new RunledgerError('MISSING', `There is no folder "${folder}".`, {
      cause,
      hint: 'Check the path; a relative one starts at the folder that the program runs in.',
    });
  }
  if (code === 'ENOTDIR') {
    return new RunledgerError('CORRUPT', `"${folder}" is not a folder.`, {
      cause,
      hint: 'Name the folder that holds the run files; a database is named as sqlite:<path>.',
    });
  }
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  return new RunledgerError('STORE_FAILED', `The folder "${folder}" cannot be read (${code}).`, {
    cause,
    hint: isForbidden
      ? 'Give this user the permission to read and enter the folder.'
      : 'See the cause; a disk or a network share may have failed.',
  });
}
