-- The place up to which the ledger is forgotten, and the time of the change there: 0 and NULL where it is
-- whole. Of the transaction that ends there, some changes may still lie in run_changes.
CREATE TABLE ledger_tail (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq INTEGER NOT NULL,
  at INTEGER
) STRICT;
INSERT INTO ledger_tail VALUES (1, 0, NULL);
