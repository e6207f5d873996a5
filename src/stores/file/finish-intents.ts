import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readRuns } from '../sqlite/read-runs.ts';
import { removeQuietly, writeDurably } from './durable-file.ts';
import { deleteFileRow, type FileRow, putFileRow, readFileRows } from './file-table.ts';
import type { FolderParts } from './folder-parts.ts';
import { deleteIntent, type FileIntent } from './intent-table.ts';
import { lookAtFile } from './look-at-file.ts';
import { runText } from './run-text.ts';

/** How long the index is waited for to note what was done. */
const NOTE_MS = 1_000;

/**
 * Puts files in their place whose runs are decided, makes that safe from a power cut, and closes the
 * intents. To be called by who has the folder to itself; it may be called again for what it could not
 * finish.
 *
 * A file that is not as it was when the change was decided is left alone: either it was put in its
 * place already, or somebody else wrote it since. The next look at it tells which, and takes what was
 * written since for a later change.
 */
export async function finishIntents(
  folder: FolderParts,
  intents: readonly FileIntent[],
): Promise<void> {
  const { path, index, calls } = folder;
  const rows = await index.read((db) =>
    readFileRows(
      db,
      intents.map(({ name }) => name),
    ),
  );
  const placed: FileIntent[] = [];
  for (const intent of intents) {
    if (await place(folder, intent, rows.get(intent.name))) placed.push(intent);
  }
  await calls.syncFolder(path);
  const seen = placed.map(({ name }) => lookAtFile(path, name).signature);
  // When this cannot be noted now, who enters next finds everything in its place and notes it then.
  await index.writeIfPossible(
    'bulk',
    (db) => {
      for (const [at, { name, runId, temporary }] of placed.entries()) {
        const signature = seen[at] ?? null;
        if (temporary === null) deleteFileRow(db, name);
        else putFileRow(db, { name, signature, runId, state: 'run' });
      }
      for (const { runId } of intents) deleteIntent(db, runId);
    },
    NOTE_MS,
  );
}

/** Does what is decided about one file; false where it is left alone. */
async function place(
  folder: FolderParts,
  intent: FileIntent,
  row: FileRow | undefined,
): Promise<boolean> {
  const { path, calls } = folder;
  const { name, temporary, seen } = intent;
  const { signature } = lookAtFile(path, name);
  const isAsSeen = signature === null || signature === seen;
  if (temporary === null) {
    if (isAsSeen && signature !== null) calls.unlink(join(path, name));
    return isAsSeen;
  }
  if (!isAsSeen) {
    removeQuietly(calls, join(path, temporary));
    return false;
  }
  if (signature !== null && row?.state === 'unreadable') moveAside(folder, name);
  await takePlace(folder, intent, temporary);
  return true;
}

/** What stood under the name of a run and was no run is not overwritten. */
function moveAside({ path, calls }: FolderParts, name: string): void {
  const aside = `${name}.${randomBytes(4).toString('hex')}.put-aside`;
  calls.rename(join(path, name), join(path, aside));
}

async function takePlace(
  folder: FolderParts,
  { runId, name }: FileIntent,
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
