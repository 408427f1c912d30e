-- The journal: the truth. One row a flush, never changed and never removed; each links to the one before it by hash.
CREATE TABLE flushes (
  position INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL, -- budget clock, UTC milliseconds; never smaller than in the row before
  previous TEXT    NOT NULL,
  hash     TEXT    NOT NULL, -- sha256(previous \n position \n at \n body)
  body     TEXT    NOT NULL  -- entries, one line of JSON each
) STRICT;

-- An honest program cannot change history by mistake; a dishonest one is found by the chain of hashes.
CREATE TRIGGER flushes_are_never_changed BEFORE UPDATE ON flushes
BEGIN
  SELECT RAISE(ABORT, 'a flush is never changed');
END;

CREATE TRIGGER flushes_are_never_removed BEFORE DELETE ON flushes
BEGIN
  SELECT RAISE(ABORT, 'a flush is never removed');
END;

-- Sealed secrets are kept beside the journal and not in it, because they must be erasable. Written in the same transaction
-- as the entry that speaks of them.
CREATE TABLE secrets (
  credential_id TEXT PRIMARY KEY,
  sealed        BLOB NOT NULL
) STRICT, WITHOUT ROWID;
