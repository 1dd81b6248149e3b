-- +goose Up
CREATE TABLE due_row (
  subject     UUID    NOT NULL,
  name        TEXT    NOT NULL,
  org         UUID    NOT NULL,
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
  PRIMARY KEY (subject, name)
);
CREATE INDEX due_row_fire ON due_row (lane, fire);
-- +goose Down
DROP TABLE due_row;
