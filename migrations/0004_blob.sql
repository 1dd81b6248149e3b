-- +goose Up
CREATE TABLE blob_object (
  id         UUID   PRIMARY KEY,
  org        UUID   NOT NULL,
  key        UUID   NOT NULL,
  name       TEXT   NOT NULL UNIQUE,
  size       BIGINT NOT NULL,
  sealed     BIGINT NOT NULL,
  sum        TEXT   NOT NULL,
  commitment TEXT   NOT NULL,
  made_at    BIGINT NOT NULL
);
CREATE INDEX blob_object_key ON blob_object (key);
CREATE VIEW blob_object_v AS SELECT id, org, key, size, sealed, made_at FROM blob_object;
-- +goose Down
DROP VIEW blob_object_v;
DROP TABLE blob_object;
