import type { RunPlace } from '../../domain/cursor.ts';
import { jsonSize } from '../../domain/json.ts';
import type { StoredRun } from '../../domain/run.ts';
import { type ErrorCode, isRunledgerError } from '../../repository/errors.ts';
import type { PageRequest, ReadOptions } from '../../repository/run-store.ts';
import { breathe } from '../sqlite/breathe.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readPage, readPlaces, readRuns } from '../sqlite/read-runs.ts';
import { type RunStamps, readStamps } from '../sqlite/run-heads.ts';
import { type FileRow, readFileRows, readRunFileNames } from './file-table.ts';
import type { Folder } from './folder.ts';
import { WAIT_MS } from './folder-lock.ts';
import { runFileName } from './folder-names.ts';
import { readIntents } from './intent-table.ts';
import { isAsKnown, lookAtFile } from './look-at-file.ts';
import { readRunFile } from './read-run-file.ts';

/** How often runs are read again because their files changed in between. */
const MOST_TRIES = 10;
/** How long a reader waits for somebody's transaction before it is given what the index has. */
const READ_WAIT_MS = 1_000;
/** How many files a page reads before it looks how large they are. */
const PAGE_PIECE = 16;

/**
 * The runs of these ids that exist, by id, from their files, all as they were at one moment: a file
 * that does not hold what the index says of it was changed from outside, which is taken in first. What
 * cannot be read from a file, or is not in its place yet, is as the index has it, and so is all of it
 * where the folder cannot be changed, or not soon.
 */
export async function readRunFiles(
  folder: Folder,
  ids: readonly string[],
  { withSteps = true, asKept = false }: ReadOptions = {},
): Promise<Map<string, StoredRun>> {
  const { runs, fromIndex } = await readUpToDate(folder, ids, asKept ? WAIT_MS : READ_WAIT_MS);
  if (asKept) for (const id of fromIndex) runs.delete(id);
  return withSteps ? runs : withoutSteps(runs);
}

/** A page of whole runs, until they have so many bytes. */
export async function readPageOfFiles(
  folder: Folder,
  request: PageRequest & { maxBytes: number },
): Promise<StoredRun[]> {
  const { maxBytes, ...bounds } = request;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const places = await folder.parts.index.read((db) => readPlaces(db, bounds));
    const { runs, isChanged } = await readUpTo(folder, places, maxBytes);
    // When all of them were deleted in between, that is not the end.
    if (!isChanged && (runs.length > 0 || places.length === 0)) return runs;
  }
  return folder.parts.index.read((db) => readPage(db, request));
}

interface Reading {
  runs: Map<string, StoredRun>;
  /** The ids of those of them that were not read from a file. */
  fromIndex: Iterable<string>;
  /** Whether what the index says of the folder has changed for it. */
  isChanged: boolean;
}

async function readUpToDate(
  folder: Folder,
  ids: readonly string[],
  waitMs: number,
): Promise<Reading> {
  const { path, index } = folder.parts;
  let isChanged = false;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { files, runs, absent } = await index.read((db) => readEntries(db, ids));
    const fromIndex = [...runs.keys()];
    const stale: string[] = [];
    for (const { id, name, stamps } of files) {
      const { digest, ...own } = stamps;
      const file = readRunFile(path, name);
      if (file.kind === 'run' && file.digest === digest) runs.set(id, { ...file.run, ...own });
      else stale.push(name);
      await breathe();
    }
    // A file that somebody has just added. One look at it is enough: what it is, the index then knows.
    if (tries === 0) {
      for (const { name, row } of absent) {
        if (!isAsKnown(lookAtFile(path, name), row)) stale.push(name);
      }
    }
    if (stale.length === 0) return { runs, fromIndex, isChanged };
    if (!(await tryToRefresh(folder, stale, waitMs))) break;
    isChanged = true;
  }
  // What cannot be taken in now, or is changed faster than it can be read.
  const runs = await index.read((db) => readRuns(db, ids));
  return { runs, fromIndex: [...runs.keys()], isChanged };
}

/** False where the folder cannot be changed now. That must not keep anybody from reading. */
async function tryToRefresh(
  folder: Folder,
  names: readonly string[],
  waitMs: number,
): Promise<boolean> {
  try {
    // Their content tells that they were changed, whatever their times say.
    await folder.refresh(names, { anew: true, waitMs });
    return true;
  } catch (error) {
    if (OBSTACLES.some((code) => isRunledgerError(error, code))) return false;
    throw error;
  }
}

/** What a folder that cannot be written, or not now, answers with. */
const OBSTACLES: readonly ErrorCode[] = ['BUSY', 'FULL', 'READ_ONLY'];

interface RunEntry {
  id: string;
  name: string;
  stamps: RunStamps;
}

/** What there is of these runs. */
interface Entries {
  /** The files to read. */
  files: RunEntry[];
  /** Runs that are in no file, or in one that is not in its place yet. */
  runs: Map<string, StoredRun>;
  /** What would be the files of the others, and what the index knows of them. */
  absent: { name: string; row: FileRow | undefined }[];
}

function readEntries(db: Connection, ids: readonly string[]): Entries {
  const names = readRunFileNames(db, ids);
  const awaited = new Set(readIntents(db).map(({ runId }) => runId));
  const stamps = readStamps(db, ids);
  const files: RunEntry[] = [];
  const without: string[] = [];
  for (const [id, own] of stamps) {
    const name = names.get(id);
    if (name === undefined || awaited.has(id)) without.push(id);
    else files.push({ id, name, stamps: own });
  }
  const unknown = ids.filter((id) => !stamps.has(id) && !awaited.has(id)).map(runFileName);
  const rows = readFileRows(db, unknown);
  const absent = unknown.map((name) => ({ name, row: rows.get(name) }));
  return { files, runs: readRuns(db, without), absent };
}

interface Page {
  runs: StoredRun[];
  /** Whether the page would have other runs by now. */
  isChanged: boolean;
}

async function readUpTo(
  folder: Folder,
  places: readonly RunPlace[],
  maxBytes: number,
): Promise<Page> {
  const page: Page = { runs: [], isChanged: false };
  let bytes = 0;
  for (let first = 0; first < places.length; first += PAGE_PIECE) {
    const piece = places.slice(first, first + PAGE_PIECE);
    const { runs, isChanged } = await readUpToDate(
      folder,
      piece.map(({ id }) => id),
      READ_WAIT_MS,
    );
    page.isChanged ||= isChanged;
    for (const { id, startedAt } of piece) {
      const run = runs.get(id);
      if (run === undefined) continue;
      page.isChanged ||= run.startedAt !== startedAt;
      bytes += jsonSize(run);
      if (page.runs.length > 0 && bytes > maxBytes) return page;
      page.runs.push(run);
    }
  }
  return page;
}

function withoutSteps(runs: ReadonlyMap<string, StoredRun>): Map<string, StoredRun> {
  return new Map(
    Array.from(runs, ([id, { steps: _, ...run }]): [string, StoredRun] => [id, run as StoredRun]),
  );
}
