-- What queries read. Everything here is made from the journal and may be thrown away at any time.

-- How far the journal has been read.
CREATE TABLE meta (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  hash     TEXT    NOT NULL, -- of the flush at that position: tells whether these tables belong to this journal
  calls    INTEGER NOT NULL, -- the last seq given to a call
  keys     INTEGER NOT NULL
) STRICT;
INSERT INTO meta (id, position, hash, calls, keys) VALUES (1, 0, '', 0, 0);

-- One row a call, in the order of the journal, so seq and time grow together. Amounts are micro-USD. Not STRICT: a row must
-- never be lost because a vendor put something odd into a field. amount_minor is text because nothing bounds it to 64 bits.
CREATE TABLE calls (
  seq               INTEGER PRIMARY KEY,
  call_id           TEXT    NOT NULL,
  at                INTEGER NOT NULL,
  key_id            TEXT,
  label             TEXT,
  namespace         TEXT,
  workflow_id       TEXT,
  run_id            TEXT,
  activity_id       TEXT,
  attempt           INTEGER,
  vendor            TEXT,
  livemode          INTEGER,
  sandbox           INTEGER NOT NULL,
  operation         TEXT,
  operation_class   TEXT,
  method            TEXT    NOT NULL,
  path              TEXT    NOT NULL,
  idempotency_key   TEXT,
  verdict           TEXT    NOT NULL,
  refusal           TEXT,
  estimate          INTEGER,
  rate_date         TEXT,
  direction         TEXT,
  slots             TEXT,             -- JSON; null when the call never had a hold
  remembered        INTEGER NOT NULL, -- 1: its idempotency key stands for it
  outcome           TEXT    NOT NULL,
  in_flight         INTEGER NOT NULL,
  why               TEXT,
  cost              INTEGER NOT NULL,
  held              INTEGER NOT NULL,
  amount_minor      TEXT,
  amount_currency   TEXT,
  http_status       INTEGER,
  vendor_request_id TEXT,
  vendor_object_id  TEXT,
  replayed          INTEGER NOT NULL,
  replay_of         TEXT,
  latency_ms        REAL,
  upstream_ms       REAL
);
-- Every index ends in the rowid, which is seq: "newest first under one condition" is a walk, never a sort.
CREATE UNIQUE INDEX calls_by_id ON calls (call_id);
CREATE INDEX calls_by_at ON calls (at);
CREATE INDEX calls_by_key ON calls (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX calls_by_label ON calls (label) WHERE label IS NOT NULL;
CREATE INDEX calls_by_workflow ON calls (workflow_id) WHERE workflow_id IS NOT NULL;
CREATE INDEX calls_by_run ON calls (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX calls_by_vendor ON calls (vendor) WHERE vendor IS NOT NULL;
CREATE INDEX calls_by_verdict ON calls (verdict);
CREATE INDEX calls_by_outcome ON calls (outcome);
CREATE INDEX calls_in_flight ON calls (key_id) WHERE in_flight = 1;

-- Vault keys, in the order of their issue.
CREATE TABLE keys (
  seq         INTEGER PRIMARY KEY,
  key_id      TEXT    NOT NULL,
  token_hash  TEXT    NOT NULL,
  vendor      TEXT    NOT NULL,
  label       TEXT,
  issued_by   TEXT    NOT NULL,
  expires_at  INTEGER NOT NULL,
  revoked_at  INTEGER,
  record      TEXT    NOT NULL, -- the whole key as JSON
  rate_window INTEGER NOT NULL,
  rate_calls  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX keys_by_id ON keys (key_id);
CREATE INDEX keys_by_token ON keys (token_hash);
CREATE INDEX keys_by_vendor ON keys (vendor);
CREATE INDEX keys_by_label ON keys (label) WHERE label IS NOT NULL;
CREATE INDEX keys_by_issuer ON keys (issued_by);
CREATE INDEX keys_revoked ON keys (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX keys_unrevoked ON keys (expires_at) WHERE revoked_at IS NULL;

-- Each budget of a key in the window of its last hold.
CREATE TABLE budgets (
  key_id       TEXT    NOT NULL,
  budget_id    TEXT    NOT NULL,
  window_start INTEGER NOT NULL,
  window_end   INTEGER, -- null: never
  settled      INTEGER NOT NULL,
  held         INTEGER NOT NULL,
  PRIMARY KEY (key_id, budget_id)
) STRICT, WITHOUT ROWID;

-- Holds that have not ended, or that a call on its way still refers to.
CREATE TABLE holds (
  key_id    TEXT    NOT NULL,
  call_id   TEXT    NOT NULL,
  seq       INTEGER NOT NULL, -- the call's: holds are settled oldest first
  direction TEXT    NOT NULL,
  slots     TEXT    NOT NULL, -- JSON
  object_id TEXT,
  held      INTEGER NOT NULL,
  settled   INTEGER NOT NULL,
  in_flight INTEGER NOT NULL,
  claimed   INTEGER NOT NULL,
  doubtful  INTEGER NOT NULL,
  ended     TEXT,
  PRIMARY KEY (key_id, call_id)
) STRICT, WITHOUT ROWID;

-- The vendor's objects that holds belong to.
CREATE TABLE objects (
  key_id    TEXT    NOT NULL,
  object_id TEXT    NOT NULL,
  moved     INTEGER NOT NULL,
  final     INTEGER NOT NULL,
  PRIMARY KEY (key_id, object_id)
) STRICT, WITHOUT ROWID;

-- Callers' idempotency keys that still stand for a call; bounded per key by the ledger.
CREATE TABLE idempotency_uses (
  key_id          TEXT    NOT NULL,
  call_id         TEXT    NOT NULL,
  seq             INTEGER NOT NULL, -- the call's: the oldest is forgotten first
  idempotency_key TEXT    NOT NULL,
  fingerprint     TEXT    NOT NULL,
  first_used_at   INTEGER NOT NULL,
  PRIMARY KEY (key_id, call_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
  seq           INTEGER PRIMARY KEY, -- in the order in which they were added; removed ones are gone
  credential_id TEXT NOT NULL UNIQUE,
  record        TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
  seq        INTEGER PRIMARY KEY,
  api_key_id TEXT NOT NULL UNIQUE,
  record     TEXT NOT NULL
) STRICT;
