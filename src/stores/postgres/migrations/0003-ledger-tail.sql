-- The place up to which the ledger is forgotten, and the latest time up to there: zeros and NULL where it is
-- whole. Some changes before it may still lie in run_changes.
CREATE TABLE ledger_tail (
  only_row boolean PRIMARY KEY CHECK (only_row),
  era integer NOT NULL,
  xid xid8 NOT NULL,
  seq bigint NOT NULL,
  at timestamptz(3)
);
INSERT INTO ledger_tail VALUES (true, 0, '0', 0, NULL);

-- The few changes that are placed later than their transaction: by them is found where transactions end that
-- began before a place.
CREATE INDEX run_changes_placed_later ON run_changes (transaction_xid, xid)
  WHERE xid <> transaction_xid;
