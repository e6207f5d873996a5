import type { Connection } from '../sqlite/connection.ts';
import { SIGNATURE_SUMS, type SignatureSums } from './file-signature.ts';

/** How an entry of the folder stands to the runs. */
export type FileState = 'run' | 'spare' | 'unreadable';

/** An entry of the folder as it was last seen; see the migration. */
export interface FileRow {
  name: string;
  signature: number | null;
  runId: string | null;
  state: FileState;
}

const COLUMNS = 'f.name, f.signature, f.run_id, f.state';
const BY_NAME = `SELECT ${COLUMNS} FROM json_each(?) given
  CROSS JOIN run_files f ON f.name = given.value`;
const BY_RUN = `SELECT ${COLUMNS} FROM json_each(?) given
  CROSS JOIN run_files f ON f.run_id = given.value`;
const PUT = 'INSERT OR REPLACE INTO run_files (name, signature, run_id, state) VALUES (?, ?, ?, ?)';

/** The rows of these names that there are, by name. */
export function readFileRows(db: Connection, names: readonly string[]): Map<string, FileRow> {
  const rows = db.all(BY_NAME, [JSON.stringify(names)]).map(fileOfRow);
  return new Map(rows.map((row) => [row.name, row]));
}

/** The rows of the files that hold one of these runs, or held it before they became unreadable. */
export function readFilesOfRuns(db: Connection, ids: readonly string[]): FileRow[] {
  return db.all(BY_RUN, [JSON.stringify(ids)]).map(fileOfRow);
}

/** The names of the files that these runs are read from, by id. */
export function readRunFileNames(db: Connection, ids: readonly string[]): Map<string, string> {
  const files = readFilesOfRuns(db, ids).filter(({ state }) => state === 'run');
  return new Map(files.map(({ name, runId }) => [runId ?? '', name]));
}

/** Notes how an entry of the folder was seen. */
export function putFileRow(db: Connection, { name, signature, runId, state }: FileRow): void {
  db.run(PUT, [name, signature, runId, state]);
}

/** Forgets an entry that is gone. */
export function deleteFileRow(db: Connection, name: string): void {
  db.run('DELETE FROM run_files WHERE name = ?', [name]);
}

/** The sums of all signatures, by which a folder is known to be unchanged. */
export function readSignatureSums(db: Connection): SignatureSums {
  const row = db.get(`SELECT ${SIGNATURE_SUMS} FROM run_files`);
  return { count: Number(row?.count), high: Number(row?.high), low: Number(row?.low) };
}

/** The next names and signatures after a name, in the order of the index. */
export function readSignatures(
  db: Connection,
  after: string,
  limit: number,
): Pick<FileRow, 'name' | 'signature'>[] {
  const sql = 'SELECT name, signature FROM run_files WHERE name > ? ORDER BY name LIMIT ?';
  return db.all(sql, [after, limit]).map((row) => ({
    name: row.name as string,
    signature: row.signature as number | null,
  }));
}

function fileOfRow(row: ReturnType<Connection['all']>[number]): FileRow {
  return {
    name: row.name as string,
    signature: row.signature as number | null,
    runId: row.run_id as string | null,
    state: row.state as FileState,
  };
}
