-- +goose Up
-- An import is a file on its way into the house; its rows are seen by nobody
-- before its state is 'done', which is one row in one transaction.
CREATE TABLE exchange_import (
  id          UUID   PRIMARY KEY,
  org         UUID   NOT NULL,
  path        TEXT   NOT NULL,
  rev         BIGINT NOT NULL,
  kind        TEXT   NOT NULL,
  format      TEXT   NOT NULL,
  state       TEXT   NOT NULL,
  key         UUID   NOT NULL,
  name        UUID,
  file        UUID,
  sum         TEXT   NOT NULL,
  size        BIGINT NOT NULL,
  rules       TEXT   NOT NULL,
  total       BIGINT NOT NULL,
  done        BIGINT NOT NULL,
  wrong       BIGINT NOT NULL,
  problems    TEXT   NOT NULL,
  trouble     TEXT   NOT NULL,
  made_by     UUID   NOT NULL,
  made_at     BIGINT NOT NULL,
  checked_at  BIGINT,
  started_at  BIGINT,
  finished_at BIGINT,
  claim       TEXT   NOT NULL,
  beat_at     BIGINT
);
CREATE INDEX exchange_import_made ON exchange_import (made_at, id);
CREATE INDEX exchange_import_sum ON exchange_import (sum);

-- What was imported, a row each; words names one sealed text. The indexes are
-- HMACs under the operator's key, in hex, and go when the row is erased; person is
-- the account of the same phone, if there is one.
CREATE TABLE exchange_record (
  id        UUID   PRIMARY KEY,
  org       UUID   NOT NULL,
  path      TEXT   NOT NULL,
  import    UUID   NOT NULL,
  n         BIGINT NOT NULL,
  kind      TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  key       UUID   NOT NULL,
  words     UUID   NOT NULL,
  person    UUID,
  phone     TEXT,
  index_a   TEXT,
  index_b   TEXT,
  erased_at BIGINT,
  UNIQUE (import, n)
);
CREATE INDEX exchange_record_phone ON exchange_record (phone) WHERE phone IS NOT NULL;
CREATE INDEX exchange_record_person ON exchange_record (person) WHERE person IS NOT NULL;
CREATE INDEX exchange_record_a ON exchange_record (index_a) WHERE index_a IS NOT NULL;
CREATE INDEX exchange_record_b ON exchange_record (index_b) WHERE index_b IS NOT NULL;
-- +goose Down
DROP TABLE exchange_record;
DROP TABLE exchange_import;
