import type { Connection } from '../sqlite/connection.ts';
import { readHeads } from '../sqlite/run-heads.ts';
import type { FileBefore } from './file-standing.ts';
import { readFileRows, readRunFileNames } from './file-table.ts';
import { runFileName } from './folder-names.ts';
import { readIntents } from './intent-table.ts';

/**
 * The files of these runs, as the index knows them: the one that holds a run, or the one that it is to
 * get. That has its id for a name, unless a file of that name holds another run: `otherNameOf` then
 * gives one, since what the name holds may be the only copy.
 */
export function locateFiles(
  db: Connection,
  ids: readonly string[],
  otherNameOf: (id: string) => string,
): Omit<FileBefore, 'seen'>[] {
  const held = readRunFileNames(db, ids);
  const heads = readHeads(db, ids);
  const rows = readFileRows(db, ids.map(runFileName));
  const awaited = new Map(readIntents(db).map(({ name, runId }) => [name, runId]));
  const isTaken = (name: string, id: string) => {
    const holder = rows.get(name)?.runId ?? null;
    return [holder, awaited.get(name) ?? null].some((other) => other !== null && other !== id);
  };
  return ids.map((runId) => {
    const name = held.get(runId);
    if (name !== undefined) return { runId, name, was: heads.get(runId)?.digest ?? null };
    const own = runFileName(runId);
    return { runId, name: isTaken(own, runId) ? otherNameOf(runId) : own, was: null };
  });
}
