import type { Connection } from '../sqlite/connection.ts';
import type { FileBefore } from './file-standing.ts';

/** A change of a file that is decided: its run is in the index as it is to be. */
export interface FileIntent extends FileBefore {
  /** The file that gets the name; null where the file is to go. */
  temporary: string | null;
}

/** The intents that are open; between two changes there are none. */
export function readIntents(db: Connection): FileIntent[] {
  return db.all('SELECT run_id, name, temporary, seen, was FROM file_intents').map((row) => ({
    runId: row.run_id as string,
    name: row.name as string,
    temporary: row.temporary as string | null,
    seen: row.seen as number | null,
    was: row.was as string | null,
  }));
}

/** Opens an intent. */
export function putIntent(db: Connection, { runId, name, temporary, seen, was }: FileIntent): void {
  const sql =
    'INSERT INTO file_intents (run_id, name, temporary, seen, was) VALUES (?, ?, ?, ?, ?)';
  db.run(sql, [runId, name, temporary, seen, was]);
}

/** Closes the intent for a file: it is as it is to be. */
export function deleteIntent(db: Connection, name: string): void {
  db.run('DELETE FROM file_intents WHERE name = ?', [name]);
}
