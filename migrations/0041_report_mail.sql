-- +goose Up
CREATE TABLE report_mail (
  id UUID PRIMARY KEY, org UUID NOT NULL, report UUID NOT NULL, day TEXT NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL,
  tries BIGINT NOT NULL, made_at BIGINT NOT NULL, done_at BIGINT, rev BIGINT NOT NULL, UNIQUE (report, version)
);
-- +goose Down
DROP TABLE report_mail;
