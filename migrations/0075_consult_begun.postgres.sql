-- +goose Up
-- A question that a citizen has begun and not sent. id is made of the citizen and
-- the order to come; box is what he typed, sealed under his own key.
CREATE TABLE consult_begun (
  id UUID PRIMARY KEY, org UUID NOT NULL, citizen UUID NOT NULL, consult UUID NOT NULL, rev BIGINT NOT NULL, box BYTEA NOT NULL,
  made_at BIGINT NOT NULL, kept_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX consult_begun_citizen ON consult_begun (citizen);
-- +goose Down
DROP TABLE consult_begun;
