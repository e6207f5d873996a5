import { digestOf } from '../../domain/canonical.ts';
import type { RunHead, WriteOperation } from '../../repository/write-operation.ts';
import { breathe } from '../sqlite/breathe.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readLastChanges } from '../sqlite/ledger-entries.ts';
import { keepInQuarantine, releaseFromQuarantine } from '../sqlite/quarantine.ts';
import { readRuns } from '../sqlite/read-runs.ts';
import { readHeads, setDigest } from '../sqlite/run-heads.ts';
import { type WriteMoment, writeBatch } from '../sqlite/write-batch.ts';
import type { FileBefore } from './file-standing.ts';
import { deleteFileRow, putFileRow, readFileRows, readFilesOfRuns } from './file-table.ts';
import { runFileName } from './folder-names.ts';
import type { FolderParts } from './folder-parts.ts';
import { readIntents } from './intent-table.ts';
import {
  type FileLook,
  type FileReading,
  isAsKnown,
  lookAtFile,
  readAnew,
} from './look-at-file.ts';
import { OWN_ORIGIN } from './set-aside.ts';
import { type Known, type Settlement, settleFiles } from './settle-files.ts';

/** Does work on the index; each piece takes effect whole. */
export type IndexWork = <T>(work: (db: Connection, moment: () => WriteMoment) => T) => Promise<T>;

/**
 * Brings the index up to what these entries of the folder are now, each change with its row in the
 * ledger, and gives how every one of them was seen. What is as it was last seen is not read, unless it
 * is to be read `anew`; nor is a file whose change is under way: decided and not in its place yet, or of
 * a transaction that has seen it `before`. To be called by who has the folder to itself.
 */
export async function takeIn(
  folder: FolderParts,
  names: readonly string[],
  inIndex: IndexWork,
  { anew = false, before = [] }: { anew?: boolean; before?: Iterable<FileBefore> } = {},
): Promise<FileLook[]> {
  const looks = names.map((name) => lookAtFile(folder.path, name));
  const { rows, intents } = await inIndex((db) => ({
    rows: readFileRows(db, names),
    intents: readIntents(db),
  }));
  const underWay: UnderWay = { names: new Set(), holders: new Map() };
  for (const { runId, name } of [...intents, ...before]) {
    underWay.names.add(name);
    underWay.holders.set(runId, name);
  }
  const changed = looks.filter(
    (look) => !underWay.names.has(look.name) && (anew || !isAsKnown(look, rows.get(look.name))),
  );
  if (changed.length === 0) return looks;
  const readings = await readEach(
    folder,
    changed.map(({ name }) => name),
  );
  const known = await withRivals(folder, readings, underWay.names, inIndex);
  const settlement = settleFiles(readings, known, underWay.holders);
  await inIndex((db, moment) => apply(db, settlement, known, moment()));
  const read = new Map(readings.map((reading): [string, FileLook] => [reading.name, reading]));
  return looks.map((look) => read.get(look.name) ?? look);
}

/** What is being changed, and is left as it is. */
interface UnderWay {
  names: Set<string>;
  /** The file of each run. */
  holders: Map<string, string>;
}

/** Adds to the readings every file that may count for a run of theirs. */
async function withRivals(
  folder: FolderParts,
  readings: FileReading[],
  underWay: ReadonlySet<string>,
  inIndex: IndexWork,
): Promise<Known> {
  for (;;) {
    const known = await inIndex((db) => readKnown(db, readings));
    const rivals = rivalsOf(readings, known).filter((name) => !underWay.has(name));
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
  const heads = readHeads(db, [...ids]);
  const last = readLastChanges(
    db,
    [...ids].filter((id) => !heads.has(id)),
  );
  return { rows, others, heads, last };
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

function apply(
  db: Connection,
  settlement: Settlement,
  { heads }: Known,
  moment: WriteMoment,
): void {
  const { rows, gone, found, operations, setAside, released } = settlement;
  writeBatch(db, found, { origin: OWN_ORIGIN }, moment);
  for (const operation of operations) checkUnchanged(db, operation, heads);
  writeBatch(db, operations, {}, moment);
  for (const row of rows) putFileRow(db, row);
  for (const name of gone) deleteFileRow(db, name);
  releaseFromQuarantine(db, OWN_ORIGIN, released);
  keepInQuarantine(db, setAside);
}

/**
 * Of a run whose file says nothing new, looks whether the index holds what it says it holds. In a copy
 * that was made while it was written to, and by a fault of the disk, it may not: the run is then
 * written as one that changed.
 */
function checkUnchanged(
  db: Connection,
  operation: WriteOperation,
  heads: ReadonlyMap<string, RunHead>,
): void {
  if (operation.kind === 'delete') return;
  const { id } = operation.run;
  if (heads.get(id)?.digest !== operation.digest) return;
  const held = readRuns(db, [id]).get(id);
  if (held !== undefined) setDigest(db, id, digestOf(held));
}
