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
  body    BYTEA   NOT NULL,
  UNIQUE (subject, rev)
);
CREATE UNIQUE INDEX journal_fact_leaf ON journal_fact (leaf) WHERE leaf IS NOT NULL;
CREATE INDEX journal_fact_root ON journal_fact (org, root, leaf) WHERE leaf IS NOT NULL;
CREATE INDEX journal_fact_waiting ON journal_fact (subject, rev) WHERE leaf IS NULL;

-- +goose StatementBegin
CREATE FUNCTION journal_fact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a fact is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER journal_fact_update BEFORE UPDATE ON journal_fact FOR EACH ROW
  WHEN (OLD.leaf IS NOT NULL OR NEW.leaf IS NULL
    OR (NEW.org, NEW.root, NEW.subject, NEW.rev, NEW.kind, NEW.actor, NEW.at, NEW.body)
    IS DISTINCT FROM (OLD.org, OLD.root, OLD.subject, OLD.rev, OLD.kind, OLD.actor, OLD.at, OLD.body))
  EXECUTE FUNCTION journal_fact_refuse();
CREATE TRIGGER journal_fact_delete BEFORE DELETE ON journal_fact FOR EACH ROW
  EXECUTE FUNCTION journal_fact_refuse();
CREATE TRIGGER journal_fact_truncate BEFORE TRUNCATE ON journal_fact FOR EACH STATEMENT
  EXECUTE FUNCTION journal_fact_refuse();

CREATE TABLE journal_log (
  log  UUID   PRIMARY KEY,
  base BIGINT NOT NULL UNIQUE,
  made BIGINT NOT NULL,
  mac  BYTEA NOT NULL
);
CREATE TABLE journal_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  log  UUID    NOT NULL,
  base BIGINT  NOT NULL,
  size BIGINT  NOT NULL,
  mac  BYTEA NOT NULL
);
CREATE TABLE journal_hash (
  log   UUID   NOT NULL,
  chunk BIGINT NOT NULL,
  data  BYTEA  NOT NULL,
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
  mac  BYTEA NOT NULL
);
CREATE TABLE journal_parked (
  reaction TEXT    NOT NULL,
  leaf     BIGINT  NOT NULL,
  subject  UUID    NOT NULL,
  tries    INTEGER NOT NULL,
  next_at  BIGINT  NOT NULL,
  error    TEXT    NOT NULL,
  mac      BYTEA NOT NULL,
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
DROP FUNCTION journal_fact_refuse;
