import { breathe } from '../sqlite/breathe.ts';
import type { Connection } from '../sqlite/connection.ts';
import { keepInQuarantine, releaseFromQuarantine } from '../sqlite/quarantine.ts';
import { readHeads } from '../sqlite/run-heads.ts';
import { writeBatch } from '../sqlite/write-batch.ts';
import { deleteFileRow, putFileRow, readFileRows, readFilesOfRuns } from './file-table.ts';
import { runFileName } from './folder-names.ts';
import type { FolderParts } from './folder-parts.ts';
import {
  type FileLook,
  type FileReading,
  isAsKnown,
  lookAtFile,
  readAnew,
} from './look-at-file.ts';
import { originOf } from './set-aside.ts';
import { type Known, type Settlement, settleFiles } from './settle-files.ts';

/** Does work on the index; each piece takes effect whole. */
export type IndexWork = <T>(work: (db: Connection) => T) => Promise<T>;

/**
 * Brings the index up to what these entries of the folder are now, each change with its row in the
 * ledger, and gives how every one of them was seen. What is as it was last seen is not read. To be
 * called by who has the folder to itself.
 */
export async function takeIn(
  folder: FolderParts,
  names: readonly string[],
  inIndex: IndexWork,
): Promise<FileLook[]> {
  const looks = names.map((name) => lookAtFile(folder.path, name));
  const rows = await inIndex((db) => readFileRows(db, names));
  const changed = looks.filter((look) => !isAsKnown(look, rows.get(look.name)));
  if (changed.length === 0) return looks;
  const readings = await readEach(
    folder,
    changed.map(({ name }) => name),
  );
  const known = await withRivals(folder, readings, inIndex);
  const settlement = settleFiles(folder.path, readings, known);
  await inIndex((db) => apply(db, folder, settlement));
  const anew = new Map(readings.map((reading): [string, FileLook] => [reading.name, reading]));
  return looks.map((look) => anew.get(look.name) ?? look);
}

/** Adds to the readings every file that may count for a run of theirs. */
async function withRivals(
  folder: FolderParts,
  readings: FileReading[],
  inIndex: IndexWork,
): Promise<Known> {
  for (;;) {
    const known = await inIndex((db) => readKnown(db, readings));
    const rivals = rivalsOf(readings, known);
    if (rivals.length === 0) return known;
    readings.push(...(await readEach(folder, rivals)));
  }
}

async function readEach({ path }: FolderParts, names: readonly string[]): Promise<FileReading[]> {
  const readings: FileReading[] = [];
  for (const name of names) {
    readings.push(readAnew(path, name));
    await breathe();
  }
  return readings;
}

function readKnown(db: Connection, readings: readonly FileReading[]): Known {
  const names = new Set(readings.map(({ name }) => name));
  const rows = readFileRows(db, [...names]);
  const ids = new Set<string>();
  for (const { name, file } of readings) {
    const before = rows.get(name)?.runId;
    if (before) ids.add(before);
    if (file?.kind === 'run') ids.add(file.run.id);
  }
  const others = readFilesOfRuns(db, [...ids]).filter(({ name }) => !names.has(name));
  return { rows, others, heads: readHeads(db, [...ids]) };
}

/**
 * Files that were not read and have to be: they count for a run of the readings, or may do so now. One
 * that is set aside stays so where the file that is named by the run was read.
 */
function rivalsOf(readings: readonly FileReading[], { others }: Known): string[] {
  const named = new Set(
    readings.flatMap(({ name, file }) =>
      file?.kind === 'run' && name === runFileName(file.run.id) ? file.run.id : [],
    ),
  );
  return others
    .filter(({ state, runId }) => state === 'run' || (state === 'spare' && !named.has(runId ?? '')))
    .map(({ name }) => name);
}

function apply(db: Connection, { path, now }: FolderParts, settlement: Settlement): void {
  const { rows, gone, operations, setAside, released } = settlement;
  writeBatch(db, operations, {}, { now: now() });
  for (const row of rows) putFileRow(db, row);
  for (const name of gone) deleteFileRow(db, name);
  releaseFromQuarantine(db, originOf(path), released);
  keepInQuarantine(db, setAside);
}
