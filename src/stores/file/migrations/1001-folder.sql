-- What the index of a folder has beside the tables of a store. Numbers from 1001 on are its own.

-- Every entry of the folder as it was last seen, but for what is ours.
CREATE TABLE run_files (
  name TEXT PRIMARY KEY NOT NULL,
  -- Size, times and inode in one number; NULL where the file has to be read again.
  signature INTEGER,
  -- The run that the file holds; of an unreadable one the run that it held before.
  run_id TEXT,
  -- 'run': its run is as it says. 'spare': another file counts for its run. 'unreadable'.
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX run_files_by_run ON run_files (run_id) WHERE run_id IS NOT NULL;

-- Changes that are decided, and whose files are not all in place yet: whoever enters the folder next
-- puts them there.
CREATE TABLE file_intents (
  name TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL,
  -- The file that gets the name; NULL where the file of that name is to go.
  temporary TEXT,
  -- The signature of the file of that name when the change was decided; NULL where there was none.
  seen INTEGER,
  -- The digest of the run that it held then; NULL where it held none. A file that has neither by then
  -- is left alone: it is changed already, or by somebody else.
  was TEXT
) STRICT, WITHOUT ROWID;
