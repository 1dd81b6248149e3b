-- +goose Up
-- Tokens of machines: an integrator's program acts with one for an organisation.
-- hash is SHA-256 of the token in hex; scopes are names with spaces between.
CREATE TABLE identity_token (
  id         UUID   PRIMARY KEY,
  org        UUID   NOT NULL,
  rev        BIGINT NOT NULL,
  name       TEXT   NOT NULL,
  scopes     TEXT   NOT NULL,
  hash       TEXT   NOT NULL UNIQUE,
  made_by    UUID   NOT NULL,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT,
  revoked_at BIGINT
);
CREATE INDEX identity_token_org ON identity_token (org, id);
-- +goose Down
DROP TABLE identity_token;
