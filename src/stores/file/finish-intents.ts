import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { releaseFromQuarantine } from '../sqlite/quarantine.ts';
import { readRuns } from '../sqlite/read-runs.ts';
import { removeQuietly, writeDurably } from './durable-file.ts';
import { standingOf } from './file-standing.ts';
import { deleteFileRow, putFileRow, readFileRows } from './file-table.ts';
import { otherRunFileName, PUT_ASIDE, runFileName } from './folder-names.ts';
import type { FolderParts } from './folder-parts.ts';
import { deleteIntent, type FileIntent } from './intent-table.ts';
import { signatureToKeep } from './look-at-file.ts';
import { runText } from './run-text.ts';
import { OWN_ORIGIN } from './set-aside.ts';

/** How long the index is waited for to note what was done. */
const NOTE_MS = 1_000;
/** Names of files have so many bytes at most on the file systems that there are. */
const LONGEST_NAME = 255;

/** A change that is decided and whose file could not be put in its place. */
export interface Unplaced {
  intent: FileIntent;
  error: unknown;
}

/**
 * Puts files in their place whose runs are decided, makes that safe from a power cut, and closes the
 * intents. Gives those that are left open, because the system refuses their file: they keep nobody from
 * changing others. To be called by who has the folder to itself; it may be called again for what it
 * could not finish.
 *
 * A file that is not what it was when the change was decided is left alone: either it was put in its
 * place already, or somebody else wrote it since. The next look at it tells which, and takes what was
 * written since for a later change.
 */
export async function finishIntents(
  folder: FolderParts,
  intents: readonly FileIntent[],
): Promise<Unplaced[]> {
  const { path, index, calls } = folder;
  /** Those that are done, under the names that their files have now. */
  const placed: FileIntent[] = [];
  const done: FileIntent[] = [];
  const unplaced: Unplaced[] = [];
  for (const intent of intents) {
    try {
      const name = await place(folder, intent);
      if (name !== null) placed.push({ ...intent, name });
      done.push(intent);
    } catch (error) {
      unplaced.push({ intent, error });
    }
  }
  try {
    await calls.syncFolder(path);
  } catch (error) {
    return intents.map((intent) => ({ intent, error }));
  }
  const seen = placed.map(({ name }) => signatureToKeep(path, name));
  // When this cannot be noted now, who enters next finds everything in its place and notes it then.
  await index.writeIfPossible(
    'bulk',
    (db) => {
      for (const [at, { name, runId, temporary }] of placed.entries()) {
        if (temporary === null) deleteFileRow(db, name);
        else putFileRow(db, { name, signature: seen[at] ?? null, runId, state: 'run' });
      }
      releaseFromQuarantine(
        db,
        OWN_ORIGIN,
        placed.map(({ name }) => name),
      );
      for (const { name } of done) deleteIntent(db, name);
    },
    NOTE_MS,
  );
  return unplaced;
}

/** Does what is decided about one file, and gives its name; null where it is left alone. */
async function place(folder: FolderParts, intent: FileIntent): Promise<string | null> {
  const { path, calls } = folder;
  const { runId, name, temporary, was } = intent;
  const { standing } = standingOf(path, intent);
  if (temporary === null) {
    if (standing === 'before') await remove(folder, intent);
    return standing === 'before' || standing === 'gone' ? name : null;
  }
  if (standing === 'other') {
    removeQuietly(calls, join(path, temporary));
    return null;
  }
  if (standing === 'before' && was === null) moveAside(folder, intent);
  // What came under this name since may be the only file of its run.
  const own = standing === 'taken' ? otherRunFileName(runId) : name;
  await takePlace(folder, { runId, name: own }, temporary);
  return own;
}

/** Removes the file of a run; what did not count for it, or was no run, is somebody's all the same. */
async function remove(folder: FolderParts, intent: FileIntent): Promise<void> {
  const { path, index, calls } = folder;
  const { name } = intent;
  const row = (await index.read((db) => readFileRows(db, [name]))).get(name);
  if (row?.state === 'run') calls.unlink(join(path, name));
  else moveAside(folder, intent);
}

/** Gives a file a name under which it is taken for no run. */
function moveAside({ path, calls }: FolderParts, { runId, name }: FileIntent): void {
  const ending = `.${randomBytes(4).toString('hex')}${PUT_ASIDE}`;
  const isLong = Buffer.byteLength(name) + ending.length > LONGEST_NAME;
  calls.rename(join(path, name), join(path, (isLong ? runFileName(runId) : name) + ending));
}

async function takePlace(
  folder: FolderParts,
  { runId, name }: Pick<FileIntent, 'runId' | 'name'>,
  temporary: string,
): Promise<void> {
  const { path, index, calls } = folder;
  const rename = () => calls.rename(join(path, temporary), join(path, name));
  try {
    rename();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // A power cut can take the name of a file with it; the index still has the run.
    const run = (await index.read((db) => readRuns(db, [runId]))).get(runId);
    if (run === undefined) return;
    await writeDurably(calls, path, { temporary, replaces: name, text: runText(run) });
    rename();
  }
}
