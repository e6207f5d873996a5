-- Files that runs were imported from, and how far they were read.
CREATE TABLE sources (
  -- SHA-256 over agent, path and generation.
  key BLOB PRIMARY KEY NOT NULL,
  agent TEXT NOT NULL,
  path TEXT NOT NULL,
  -- Counts up each time that another file takes the place.
  generation INTEGER NOT NULL,
  -- JSON.
  state TEXT NOT NULL,
  -- By what it hangs together with others: 8 bytes for each name.
  links BLOB NOT NULL,
  -- The runs that it gave: 16 bytes of id and 32 of digest for each.
  runs BLOB NOT NULL,
  -- Milliseconds since 1970; never falls.
  kept_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sources_by_time ON sources (kept_at);

-- Their bytes, so that they can be read again when they are gone.
CREATE TABLE source_pieces (
  source_key BLOB NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  -- Bytes before packing.
  size INTEGER NOT NULL,
  -- SHA-256 of them.
  hash BLOB NOT NULL,
  -- Zstandard.
  packed BLOB NOT NULL,
  PRIMARY KEY (source_key, ordinal)
) STRICT;
