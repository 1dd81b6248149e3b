-- +goose Up
CREATE TABLE lawyer_profile (
  id         UUID    PRIMARY KEY,
  org        UUID    NOT NULL,
  path       TEXT    NOT NULL,
  rev        BIGINT  NOT NULL,
  name       UUID    NOT NULL,
  phone      UUID,
  nickname   TEXT    NOT NULL,
  firm       TEXT    NOT NULL,
  areas      TEXT    NOT NULL,
  regions    TEXT    NOT NULL,
  languages  TEXT    NOT NULL,
  status     TEXT    NOT NULL,
  status_at  BIGINT  NOT NULL,
  load       INTEGER NOT NULL CHECK (load >= 0),
  rated      INTEGER NOT NULL,
  satisfied  INTEGER NOT NULL,
  points     INTEGER NOT NULL,
  poor       INTEGER NOT NULL,
  served_at  BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL
);
CREATE INDEX lawyer_profile_match ON lawyer_profile (status, load, poor, served_at, id);
CREATE VIEW lawyer_profile_v AS
  SELECT id, org, path, rev, name, nickname, firm, status, status_at, load, rated, satisfied, points, served_at, created_at FROM lawyer_profile;
-- +goose Down
DROP VIEW lawyer_profile_v;
DROP TABLE lawyer_profile;
