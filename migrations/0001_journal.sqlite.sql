-- +goose Up
CREATE TABLE journal_fact (
  org     UUID    NOT NULL,
  root    UUID    NOT NULL,
  subject UUID    NOT NULL,
  rev     BIGINT  NOT NULL CHECK (rev > 0),
  kind    TEXT    NOT NULL,
  actor   UUID    NOT NULL,
  at      BIGINT  NOT NULL,
  leaf    BIGINT,
  body    BLOB    NOT NULL,
  UNIQUE (subject, rev)
);
CREATE UNIQUE INDEX journal_fact_leaf ON journal_fact (leaf) WHERE leaf IS NOT NULL;
CREATE INDEX journal_fact_root ON journal_fact (org, root, leaf) WHERE leaf IS NOT NULL;

-- FAIL and not ABORT: a statement that can't abort needs no journal of its own.
-- The closure's savepoint undoes what went before.
-- +goose StatementBegin
CREATE TRIGGER journal_fact_update BEFORE UPDATE ON journal_fact
WHEN OLD.leaf IS NOT NULL OR NEW.leaf IS NULL
  OR NEW.org IS NOT OLD.org OR NEW.root IS NOT OLD.root OR NEW.subject IS NOT OLD.subject
  OR NEW.rev IS NOT OLD.rev OR NEW.kind IS NOT OLD.kind OR NEW.actor IS NOT OLD.actor
  OR NEW.at IS NOT OLD.at OR NEW.body IS NOT OLD.body
BEGIN SELECT RAISE(FAIL, 'a fact is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_fact_delete BEFORE DELETE ON journal_fact
BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
-- +goose StatementEnd

CREATE TABLE journal_log (
  log  UUID   PRIMARY KEY,
  base BIGINT NOT NULL UNIQUE,
  made BIGINT NOT NULL,
  mac  BLOB NOT NULL
);
CREATE TABLE journal_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  log  UUID    NOT NULL,
  base BIGINT  NOT NULL,
  size BIGINT  NOT NULL,
  mac  BLOB NOT NULL
);
CREATE TABLE journal_hash (
  log   UUID   NOT NULL,
  chunk BIGINT NOT NULL,
  data  BLOB   NOT NULL,
  PRIMARY KEY (log, chunk)
);
CREATE TABLE journal_checkpoint (
  log  UUID   NOT NULL,
  size BIGINT NOT NULL,
  at   BIGINT NOT NULL,
  note TEXT   NOT NULL,
  PRIMARY KEY (log, size)
);
CREATE TABLE journal_cursor (
  name TEXT   PRIMARY KEY,
  leaf BIGINT NOT NULL,
  mac  BLOB NOT NULL
);
CREATE TABLE journal_parked (
  reaction TEXT    NOT NULL,
  leaf     BIGINT  NOT NULL,
  subject  UUID    NOT NULL,
  tries    INTEGER NOT NULL,
  next_at  BIGINT  NOT NULL,
  error    TEXT    NOT NULL,
  mac      BLOB NOT NULL,
  PRIMARY KEY (reaction, leaf)
);

-- +goose Down
DROP TABLE journal_parked;
DROP TABLE journal_cursor;
DROP TABLE journal_checkpoint;
DROP TABLE journal_hash;
DROP TABLE journal_head;
DROP TABLE journal_log;
DROP TABLE journal_fact;
