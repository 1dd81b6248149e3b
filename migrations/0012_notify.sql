-- +goose Up
CREATE TABLE notify_message (
  id        UUID    PRIMARY KEY,
  org       UUID    NOT NULL,
  person    UUID    NOT NULL,
  root      UUID,
  kind      TEXT    NOT NULL,
  args      TEXT    NOT NULL,
  send_key  TEXT    NOT NULL UNIQUE,
  sms       TEXT    NOT NULL,
  tries     INTEGER NOT NULL,
  ref       TEXT,
  made_at   BIGINT  NOT NULL,
  sent_at   BIGINT,
  done_at   BIGINT,
  read_at   BIGINT,
  rev       BIGINT  NOT NULL
);
CREATE INDEX notify_message_person ON notify_message (person, made_at, id);
CREATE INDEX notify_message_ref ON notify_message (ref) WHERE ref IS NOT NULL;
CREATE VIEW notify_message_v AS SELECT id, org, person, root, kind, sms, made_at, sent_at, done_at, read_at FROM notify_message;
-- +goose Down
DROP VIEW notify_message_v;
DROP TABLE notify_message;
