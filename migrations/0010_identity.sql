-- +goose Up
CREATE TABLE identity_org (
  id       UUID   PRIMARY KEY,
  org      UUID   NOT NULL,
  parent   UUID,
  level    TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  region   TEXT   NOT NULL UNIQUE,
  path     TEXT   NOT NULL UNIQUE,
  zone     TEXT   NOT NULL,
  calendar TEXT   NOT NULL,
  key      UUID   NOT NULL,
  rev      BIGINT NOT NULL,
  made_at  BIGINT NOT NULL
);
CREATE VIEW identity_org_v AS SELECT id, parent, level, name, region, path, zone, calendar FROM identity_org;

CREATE TABLE identity_region (
  code   TEXT PRIMARY KEY,
  org    UUID NOT NULL,
  parent TEXT NOT NULL,
  level  TEXT NOT NULL,
  name   TEXT NOT NULL
);
CREATE INDEX identity_region_parent ON identity_region (parent, code);

-- name_text and phone_text name sealed texts; phone_index and user_index are
-- HMACs under the operator's key, in hex; totp is sealed under the person's key.
CREATE TABLE identity_person (
  id          UUID   PRIMARY KEY,
  org         UUID   NOT NULL,
  rev         BIGINT NOT NULL,
  kind        TEXT   NOT NULL,
  name_text   UUID,
  phone_text  UUID,
  phone_index TEXT   UNIQUE,
  user_index  TEXT   UNIQUE,
  key         UUID   NOT NULL,
  language    TEXT   NOT NULL,
  roles       TEXT   NOT NULL,
  password    TEXT,
  totp        TEXT,
  totp_step   BIGINT NOT NULL,
  made_at     BIGINT NOT NULL,
  erased_at   BIGINT,
  gone_at     BIGINT
);
CREATE INDEX identity_person_org ON identity_person (org, kind, id);
CREATE VIEW identity_person_v AS SELECT id, org, kind, language, roles, made_at, erased_at FROM identity_person;

CREATE TABLE identity_code (
  phone_index TEXT    PRIMARY KEY,
  id          UUID    NOT NULL,
  org         UUID    NOT NULL,
  code        TEXT    NOT NULL,
  tries       INTEGER NOT NULL,
  strikes     TEXT    NOT NULL,
  sent_at     BIGINT  NOT NULL,
  expires_at  BIGINT  NOT NULL
);
CREATE INDEX identity_code_expires ON identity_code (expires_at);

CREATE TABLE identity_attempt (
  user_index TEXT   PRIMARY KEY,
  org        UUID   NOT NULL,
  strikes    TEXT   NOT NULL,
  last_at    BIGINT NOT NULL
);
CREATE INDEX identity_attempt_last ON identity_attempt (last_at);

CREATE TABLE identity_session (
  id         UUID   PRIMARY KEY,
  org        UUID   NOT NULL,
  person     UUID   NOT NULL,
  kind       TEXT   NOT NULL,
  token_hash TEXT   NOT NULL UNIQUE,
  made_at    BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX identity_session_person ON identity_session (person, expires_at);
-- +goose Down
DROP TABLE identity_session;
DROP TABLE identity_attempt;
DROP TABLE identity_code;
DROP VIEW identity_person_v;
DROP TABLE identity_person;
DROP TABLE identity_region;
DROP VIEW identity_org_v;
DROP TABLE identity_org;
