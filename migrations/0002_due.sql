-- +goose Up
CREATE TABLE due_row (
  id          UUID    PRIMARY KEY,
  org         UUID    NOT NULL,
  subject     UUID    NOT NULL,
  name        TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  at          BIGINT  NOT NULL,
  fire        BIGINT  NOT NULL,
  lane        INTEGER NOT NULL,
  rule        TEXT    NOT NULL,
  anchor      BIGINT,
  zone        TEXT    NOT NULL,
  calendar    TEXT    NOT NULL,
  payload     TEXT    NOT NULL,
  rev         BIGINT  NOT NULL,
  tries       INTEGER NOT NULL,
  UNIQUE (subject, name)
);
CREATE INDEX due_row_at ON due_row (lane, fire, id);
-- +goose Down
DROP TABLE due_row;
