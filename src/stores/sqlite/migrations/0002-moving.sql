-- How far copies into this store got, by where they come from.
CREATE TABLE transfers (
  origin TEXT PRIMARY KEY NOT NULL,
  -- JSON.
  state TEXT NOT NULL
) STRICT;

-- Where the store was moved to. As long as there is a row, nothing is written to the ledger.
CREATE TABLE store_fence (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  moved_to TEXT NOT NULL
) STRICT;
