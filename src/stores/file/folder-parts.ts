import type { Database } from '../sqlite/database.ts';
import type { FileCalls } from './file-calls.ts';

/** What the parts of a file store share. */
export interface FolderParts {
  /** The folder of run files, absolute. */
  path: string;
  /** The database that the runs are looked up in. */
  index: Database;
  calls: FileCalls;
  /** The clock of the ledger, in milliseconds since 1970. */
  now: () => number;
}
