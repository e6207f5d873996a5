CREATE TABLE agent_inputs (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES agent_runs (id) ON DELETE CASCADE,
  model TEXT,
  temperature REAL,
  prompt_head TEXT,
  prompt TEXT NOT NULL,
  recent_commits TEXT NOT NULL,
  diff TEXT NOT NULL,
  extra TEXT
) STRICT;

CREATE TABLE agent_outputs (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES agent_runs (id) ON DELETE CASCADE,
  confidence REAL,
  tokens_used INTEGER,
  message_head TEXT,
  message TEXT NOT NULL,
  reasoning TEXT,
  raw_response TEXT NOT NULL,
  extra TEXT
) STRICT;

CREATE TABLE agent_runs (
  -- The search index points at runs by this number; a primary key of its own keeps it over VACUUM.
  run_number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  repository TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  duration INTEGER,
  retry_count INTEGER NOT NULL,
  -- No foreign key: the run that was repeated may be gone.
  parent_run_id TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- SHA-256 of the canonical JSON, 32 bytes.
  digest BLOB NOT NULL,
  agent TEXT,
  session_id TEXT,
  caller_run_id TEXT,
  branch TEXT,
  working_directory TEXT,
  -- 'recorded' or 'inferred'; NULL is recorded.
  status_source TEXT,
  cost_micro_usd INTEGER,
  -- 1 when the run knows its usage, even if all its parts are unknown (NULL).
  has_usage INTEGER NOT NULL,
  input_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  output_tokens INTEGER,
  reasoning_tokens INTEGER,
  -- How many rows of run_steps there are; NULL for a run without steps, which is not an empty list.
  step_count INTEGER,
  source_key TEXT,
  source_location TEXT,
  tags TEXT,
  usage_extra TEXT,
  source_extra TEXT,
  metadata TEXT,
  extra TEXT
) STRICT;

CREATE TABLE contents (
  -- SHA-256 of the text in UTF-8, 32 bytes.
  hash BLOB PRIMARY KEY NOT NULL,
  -- 'plain' or 'zstd'.
  packing TEXT NOT NULL,
  -- Bytes before packing.
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE ledger_tail (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq INTEGER NOT NULL,
  at INTEGER
) STRICT;

CREATE TABLE quarantine (
  origin TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  bytes BLOB,
  PRIMARY KEY (origin, name)
) STRICT;

CREATE TABLE run_changes (
  seq INTEGER PRIMARY KEY,
  -- The first `seq` of the transaction that the change belongs to.
  transaction_seq INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  -- The run's row in agent_runs, for the search index; another run may have it after a deletion.
  run_number INTEGER NOT NULL,
  version INTEGER NOT NULL,
  operation TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- After the change; NULL for a delete.
  digest BLOB,
  -- Where a copy wrote it from; NULL for an ordinary save.
  origin TEXT,
  -- What the change overwrote, as JSON with references to `contents`; NULL for an insert.
  overwrote TEXT
) STRICT;

CREATE TABLE run_errors (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES agent_runs (id) ON DELETE CASCADE,
  -- agent_runs.started_at once more, so that the index has the runs of a code in their total order.
  run_started_at INTEGER NOT NULL,
  code TEXT NOT NULL,
  recoverable INTEGER NOT NULL,
  message_head TEXT,
  message TEXT NOT NULL,
  stack_trace TEXT,
  extra TEXT
) STRICT;

CREATE VIRTUAL TABLE run_search USING fts5 (
  tokens,
  content = '',
  contentless_delete = 1,
  detail = none,
  tokenize = "ascii tokenchars '_-./:@#+$'"
);

CREATE TABLE run_steps (
  run_id TEXT NOT NULL REFERENCES agent_runs (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT,
  model TEXT,
  status TEXT,
  started_at INTEGER,
  duration INTEGER,
  usage TEXT,
  input TEXT,
  output TEXT,
  error TEXT,
  extra TEXT,
  PRIMARY KEY (run_id, ordinal)
) STRICT;

CREATE TABLE run_tags (
  tag TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (tag, started_at, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE search_position (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq INTEGER NOT NULL
) STRICT;

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

CREATE TABLE store_fence (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  moved_to TEXT NOT NULL
) STRICT;

CREATE TABLE store_identity (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  store_id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  inode TEXT NOT NULL,
  birth TEXT NOT NULL,
  -- Counts the calls of flush: a commit must change something to make what was before it durable.
  flushes INTEGER NOT NULL
) STRICT;

CREATE TABLE transfers (
  origin TEXT PRIMARY KEY NOT NULL,
  -- JSON.
  state TEXT NOT NULL
) STRICT;

CREATE INDEX agent_runs_by_agent ON agent_runs (agent, started_at, id) WHERE agent IS NOT NULL;

CREATE INDEX agent_runs_by_caller ON agent_runs (caller_run_id, started_at, id)
  WHERE caller_run_id IS NOT NULL;

CREATE INDEX agent_runs_by_parent ON agent_runs (parent_run_id, started_at, id)
  WHERE parent_run_id IS NOT NULL;

CREATE INDEX agent_runs_by_repository ON agent_runs (
  repository, started_at, id, status, duration, status_source, cost_micro_usd, has_usage,
  input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens,
  reasoning_tokens
);

CREATE INDEX agent_runs_by_session ON agent_runs (session_id, started_at, id)
  WHERE session_id IS NOT NULL;

CREATE INDEX agent_runs_by_status ON agent_runs (status, started_at, id);

CREATE INDEX agent_runs_by_time ON agent_runs (started_at, id);

CREATE INDEX run_changes_by_run ON run_changes (run_id);

CREATE INDEX run_errors_by_code ON run_errors (code, run_started_at, run_id);

CREATE INDEX sources_by_time ON sources (kept_at);
