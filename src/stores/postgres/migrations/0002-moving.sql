-- How far copies into this store got, by where they come from.
CREATE TABLE transfers (
  -- SHA-256 over the origin, which may be longer than an index holds.
  key bytea PRIMARY KEY,
  origin text COLLATE "C" NOT NULL,
  -- JSON.
  state text NOT NULL
);

-- Where the store was moved to. As long as there is a row, nothing is written to the ledger.
CREATE TABLE store_fence (
  only_row boolean PRIMARY KEY CHECK (only_row),
  moved_to text COLLATE "C" NOT NULL
);

-- What a fence refuses writes with; the trigger that calls it is there while the fence is.
CREATE FUNCTION refuse_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place text;
BEGIN
  EXECUTE format('SELECT moved_to FROM %I.store_fence', TG_TABLE_SCHEMA) INTO place;
  RAISE EXCEPTION USING ERRCODE = 'RL001', MESSAGE = place;
END
$$;
