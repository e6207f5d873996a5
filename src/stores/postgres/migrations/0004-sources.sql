-- Files that runs were imported from, and how far they were read.
CREATE TABLE sources (
  -- SHA-256 over agent, path and generation.
  key bytea PRIMARY KEY,
  agent text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- Counts up each time that another file takes the place.
  generation integer NOT NULL,
  -- JSON.
  state text NOT NULL,
  -- By what it hangs together with others: 8 bytes for each name.
  links bytea NOT NULL,
  -- The runs that it gave: 16 bytes of id and 32 of digest for each.
  runs bytea NOT NULL,
  -- Milliseconds since 1970; never falls.
  kept_at bigint NOT NULL
);

CREATE INDEX sources_by_time ON sources (kept_at);

-- Their bytes, so that they can be read again when they are gone.
CREATE TABLE source_pieces (
  source_key bytea NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  -- Bytes before packing.
  size bigint NOT NULL,
  -- SHA-256 of them.
  hash bytea NOT NULL,
  -- Zstandard.
  packed bytea NOT NULL,
  PRIMARY KEY (source_key, ordinal)
);

-- What is packed already is not to be packed again.
ALTER TABLE source_pieces ALTER COLUMN packed SET STORAGE EXTERNAL;
