import { jsonSize } from '../../domain/json.ts';
import type { StoredRun } from '../../domain/run.ts';
import { type ErrorCode, isRunledgerError } from '../../repository/errors.ts';
import type { PageRequest } from '../../repository/run-store.ts';
import { breathe } from '../sqlite/breathe.ts';
import type { Connection } from '../sqlite/connection.ts';
import { queries } from '../sqlite/queries.ts';
import { readRuns } from '../sqlite/read-runs.ts';
import { type RunStamps, readStamps } from '../sqlite/run-heads.ts';
import { readRunFileNames } from './file-table.ts';
import type { Folder } from './folder.ts';
import { readRunFile } from './read-run-file.ts';

/** How often runs are read again because their files changed in between. */
const MOST_TRIES = 10;
/** How many files a page reads before it looks how large they are. */
const PAGE_PIECE = 16;

/**
 * The runs of these ids that exist, by id, from their files, all as they were at one moment: a file
 * that does not hold what the index says of it was changed from outside, which is taken in first, or
 * is about to be put in its place. What cannot be read from a file is as the index has it, and so is all
 * of it where the folder cannot be changed.
 */
export async function readRunFiles(
  folder: Folder,
  ids: readonly string[],
  { withSteps = true }: { withSteps?: boolean } = {},
): Promise<Map<string, StoredRun>> {
  const { path, index } = folder.parts;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { files, runs } = await index.read((db) => readEntries(db, ids));
    const stale: string[] = [];
    for (const { id, name, stamps } of files) {
      const { digest, ...own } = stamps;
      const file = readRunFile(path, name);
      if (file.kind === 'run' && file.digest === digest) runs.set(id, { ...file.run, ...own });
      else stale.push(name);
      await breathe();
    }
    if (stale.length === 0) return withSteps ? runs : withoutSteps(runs);
    if (!(await tryToRefresh(folder, stale))) break;
  }
  // What was decided and cannot be written yet, or is changed faster than it can be read.
  return index.read((db) => readRuns(db, ids, { withSteps }));
}

/** False where the folder cannot be changed now. That must not keep anybody from reading. */
async function tryToRefresh(folder: Folder, names: readonly string[]): Promise<boolean> {
  try {
    await folder.refresh(names);
    return true;
  } catch (error) {
    if (OBSTACLES.some((code) => isRunledgerError(error, code))) return false;
    throw error;
  }
}

/** What a folder that cannot be written, or not now, answers with. */
const OBSTACLES: readonly ErrorCode[] = ['BUSY', 'FULL', 'READ_ONLY', 'STORE_FAILED'];

/** A page of whole runs, until they have so many bytes. */
export async function readPageOfFiles(
  folder: Folder,
  { maxBytes, ...request }: PageRequest & { maxBytes: number },
): Promise<StoredRun[]> {
  for (;;) {
    const { sql, values } = queries.keys(request);
    const keys = await folder.parts.index.read((db) => db.all(sql, values));
    const ids = keys.map(({ id }) => id as string);
    const runs = await readUpTo(folder, ids, maxBytes);
    // When all of them were deleted in between, that is not the end.
    if (runs.length > 0 || ids.length === 0) return runs;
  }
}

interface RunEntry {
  id: string;
  name: string;
  stamps: RunStamps;
}

/** Which files to read, and the runs that are in none. */
function readEntries(
  db: Connection,
  ids: readonly string[],
): { files: RunEntry[]; runs: Map<string, StoredRun> } {
  const names = readRunFileNames(db, ids);
  const files: RunEntry[] = [];
  const without: string[] = [];
  for (const [id, stamps] of readStamps(db, ids)) {
    const name = names.get(id);
    if (name === undefined) without.push(id);
    else files.push({ id, name, stamps });
  }
  return { files, runs: readRuns(db, without) };
}

async function readUpTo(
  folder: Folder,
  ids: readonly string[],
  maxBytes: number,
): Promise<StoredRun[]> {
  const page: StoredRun[] = [];
  let bytes = 0;
  for (let first = 0; first < ids.length; first += PAGE_PIECE) {
    const piece = ids.slice(first, first + PAGE_PIECE);
    const runs = await readRunFiles(folder, piece);
    for (const id of piece) {
      const run = runs.get(id);
      if (run === undefined) continue;
      bytes += jsonSize(run);
      if (page.length > 0 && bytes > maxBytes) return page;
      page.push(run);
    }
  }
  return page;
}

function withoutSteps(runs: ReadonlyMap<string, StoredRun>): Map<string, StoredRun> {
  return new Map(
    Array.from(runs, ([id, { steps: _, ...run }]): [string, StoredRun] => [id, run as StoredRun]),
  );
}
