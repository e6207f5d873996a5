-- Applied with the search path on the schema of the store. Text that SQL cannot hold begins with U+E000
-- (see src/stores/sql/text-encoding.ts). JSON columns are `json`, which keeps every byte of what it is
-- given; `jsonb` would rewrite numbers and the order of keys. What Runledger does not know of a run is
-- kept in the column `extra` of the table of its place. Texts are compared byte by byte, so that no
-- update of the system's locales can break an index.

CREATE TABLE agent_runs (
  id uuid PRIMARY KEY,
  repository text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  started_at timestamptz(3) NOT NULL,
  completed_at timestamptz(3),
  duration bigint,
  retry_count bigint NOT NULL,
  -- No foreign key: the run that was repeated may be gone.
  parent_run_id uuid,
  version bigint NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  -- SHA-256 of the canonical JSON, 32 bytes.
  digest bytea NOT NULL,
  agent text COLLATE "C",
  session_id text COLLATE "C",
  caller_run_id uuid,
  branch text COLLATE "C",
  working_directory text COLLATE "C",
  -- 'recorded' or 'inferred'; NULL is recorded.
  status_source text COLLATE "C",
  cost_micro_usd bigint,
  -- True when the run knows its usage, even if all its parts are unknown (NULL).
  has_usage boolean NOT NULL,
  input_tokens bigint,
  cache_read_tokens bigint,
  cache_write_5m_tokens bigint,
  cache_write_1h_tokens bigint,
  output_tokens bigint,
  reasoning_tokens bigint,
  -- How many rows of run_steps there are; NULL for a run without steps, which is not an empty list.
  step_count bigint,
  source_key text COLLATE "C",
  source_location text COLLATE "C",
  tags json,
  usage_extra json,
  source_extra json,
  metadata json,
  extra json
);

-- The lists, each in its total order. A text without a limit is indexed by its first 255 characters:
-- an index holds no more than about 2,700 bytes.
CREATE INDEX agent_runs_by_time ON agent_runs (started_at, id);
CREATE INDEX agent_runs_by_status ON agent_runs (status, started_at, id);
CREATE INDEX agent_runs_by_agent ON agent_runs (left(agent, 255), started_at, id)
  WHERE agent IS NOT NULL;
CREATE INDEX agent_runs_by_session ON agent_runs (left(session_id, 255), started_at, id)
  WHERE session_id IS NOT NULL;
CREATE INDEX agent_runs_by_parent ON agent_runs (parent_run_id, started_at, id)
  WHERE parent_run_id IS NOT NULL;
CREATE INDEX agent_runs_by_caller ON agent_runs (caller_run_id, started_at, id)
  WHERE caller_run_id IS NOT NULL;
-- The list of a repository, and everything that statistics look at: they need not touch the table.
CREATE INDEX agent_runs_by_repository ON agent_runs (repository, started_at, id) INCLUDE (
  status, duration, status_source, cost_micro_usd, has_usage, input_tokens, cache_read_tokens,
  cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens
);

-- An index by hand: the runs of a tag in their total order. The tags themselves are in agent_runs.
CREATE TABLE run_tags (
  tag text COLLATE "C" NOT NULL,
  started_at timestamptz(3) NOT NULL,
  run_id uuid NOT NULL
);
CREATE INDEX run_tags_by_tag ON run_tags (left(tag, 255), started_at, run_id);
CREATE INDEX run_tags_by_run ON run_tags (run_id);

-- A `..._head` is what a list shows of a text that is longer; NULL where the text itself is shown.
CREATE TABLE agent_inputs (
  run_id uuid PRIMARY KEY REFERENCES agent_runs (id) ON DELETE CASCADE,
  model text COLLATE "C",
  temperature double precision,
  prompt_head text COLLATE "C",
  -- `varchar` is `text` to everybody but the function to_tsvector below.
  prompt varchar COLLATE "C" NOT NULL,
  recent_commits json NOT NULL,
  diff text COLLATE "C" NOT NULL,
  extra json
);

CREATE TABLE agent_outputs (
  run_id uuid PRIMARY KEY REFERENCES agent_runs (id) ON DELETE CASCADE,
  confidence double precision,
  tokens_used bigint,
  message_head text COLLATE "C",
  message text COLLATE "C" NOT NULL,
  reasoning text COLLATE "C",
  raw_response text COLLATE "C" NOT NULL,
  extra json
);

CREATE TABLE run_errors (
  run_id uuid PRIMARY KEY REFERENCES agent_runs (id) ON DELETE CASCADE,
  -- agent_runs.started_at once more, so that the index has the runs of a code in their total order.
  run_started_at timestamptz(3) NOT NULL,
  code text COLLATE "C" NOT NULL,
  recoverable boolean NOT NULL,
  message_head text COLLATE "C",
  message text COLLATE "C" NOT NULL,
  stack_trace text COLLATE "C",
  extra json
);
CREATE INDEX run_errors_by_code ON run_errors (left(code, 255), run_started_at, run_id);

-- `input`, `output`, `error` and `extra` are JSON in which {"$content": "<hash>"} stands for a text in
-- `contents`.
CREATE TABLE run_steps (
  run_id uuid NOT NULL REFERENCES agent_runs (id) ON DELETE CASCADE,
  ordinal bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  model text COLLATE "C",
  status text COLLATE "C",
  started_at timestamptz(3),
  duration bigint,
  usage json,
  input json,
  output json,
  error json,
  extra json,
  PRIMARY KEY (run_id, ordinal)
);

-- Large texts, once each.
CREATE TABLE contents (
  -- SHA-256 of the text in UTF-8, 32 bytes.
  hash bytea PRIMARY KEY,
  -- 'plain' or 'zstd'.
  packing text COLLATE "C" NOT NULL,
  -- Bytes before packing.
  size bigint NOT NULL,
  bytes bytea NOT NULL
);
-- They are packed already.
ALTER TABLE contents ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The ledger: one row per change, written in the transaction of the change. A number from a sequence
-- can become visible after a higher one, so the order is (era, xid, seq), and readers stop before the
-- oldest transaction that is still writing: see src/stores/postgres/horizon.ts.
CREATE TABLE run_changes (
  -- Counts up when the store finds itself in another cluster, whose transactions count anew.
  era integer NOT NULL,
  -- The transaction, but never before that of the change before of the same run.
  xid xid8 NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  -- The transaction that the change belongs to.
  transaction_xid xid8 NOT NULL,
  run_id uuid NOT NULL,
  version bigint NOT NULL,
  operation text COLLATE "C" NOT NULL,
  at timestamptz(3) NOT NULL,
  -- By chance, one for each write: by it a writer finds his own when its acknowledgement was lost.
  mark bigint NOT NULL,
  -- After the change; NULL for a delete.
  digest bytea,
  -- Where a copy wrote it from; NULL for an ordinary save.
  origin text COLLATE "C",
  -- What the change overwrote, as JSON with references to `contents`; NULL for an insert.
  overwrote json,
  PRIMARY KEY (era, xid, seq)
);
CREATE INDEX run_changes_by_run ON run_changes (run_id, era, xid, seq);

-- What could not be read as a run.
CREATE TABLE quarantine (
  -- SHA-256 over origin and name, which may be longer than an index holds.
  key bytea PRIMARY KEY,
  origin text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  bytes bytea
);

-- The words of prompts, messages and error messages, in as many parts as a tsvector's limit asks for.
CREATE TABLE run_search (
  run_id uuid NOT NULL,
  part integer NOT NULL,
  tokens tsvector NOT NULL,
  PRIMARY KEY (run_id, part)
);
CREATE INDEX run_search_by_token ON run_search USING gin (tokens);
CREATE INDEX run_search_in_parts ON run_search (run_id) WHERE part = 1;

-- How far the search index follows the ledger.
CREATE TABLE search_position (
  only_row boolean PRIMARY KEY CHECK (only_row),
  era integer NOT NULL,
  xid xid8 NOT NULL,
  seq bigint NOT NULL
);
INSERT INTO search_position VALUES (true, 0, '0', 0);

-- Who this store is. Elsewhere than at its home (the cluster, database and table that it was last
-- opened in) it is a copy, whose places in the ledger are others.
CREATE TABLE store_identity (
  only_row boolean PRIMARY KEY CHECK (only_row),
  store_id uuid NOT NULL,
  era integer NOT NULL,
  home text NOT NULL,
  -- Counts the calls of flush: a commit must change something to make what was before it durable.
  flushes bigint NOT NULL
);

-- `to_tsvector('english', i.prompt)` in people's own queries, with the search path on this schema. The
-- one of PostgreSQL fails on a text with too many words; this one looks at its beginning.
CREATE FUNCTION to_tsvector(config regconfig, prompt varchar) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT pg_catalog.to_tsvector(config, left(prompt::text, 150000)) $$;

-- lz4 instead of pglz makes loading texts 1.4 to 1.9 x as fast, where the server has it.
DO $$
DECLARE
  which record;
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
  ) THEN
    RETURN;
  END IF;
  FOR which IN
    SELECT c.oid::regclass AS relation,
      string_agg(format('ALTER COLUMN %I SET COMPRESSION lz4', a.attname), ', ') AS columns
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      -- Others may have tables here, too.
      AND c.relname IN ('agent_runs', 'agent_inputs', 'agent_outputs', 'run_errors', 'run_steps',
        'run_changes', 'quarantine', 'run_search')
      AND a.attnum > 0 AND a.attstorage = 'x'
    GROUP BY c.oid
  LOOP
    EXECUTE format('ALTER TABLE %s %s', which.relation, which.columns);
  END LOOP;
END
$$;
