-- +goose Up
CREATE TABLE setting_value (
  subject UUID    NOT NULL,
  rev     BIGINT  NOT NULL,
  org     UUID    NOT NULL,
  path    TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  from_at BIGINT  NOT NULL,
  value   TEXT,
  actor   UUID    NOT NULL,
  made_at BIGINT  NOT NULL,
  PRIMARY KEY (subject, rev)
);
CREATE INDEX setting_value_name ON setting_value (name, path, from_at);
-- +goose Down
DROP TABLE setting_value;
