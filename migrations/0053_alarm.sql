-- +goose Up
CREATE TABLE alarm_case (
  id UUID PRIMARY KEY, org UUID NOT NULL, path TEXT NOT NULL, rev BIGINT NOT NULL, kind TEXT NOT NULL, about UUID NOT NULL, root UUID,
  number TEXT NOT NULL, key UUID NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, amount BIGINT NOT NULL, bound BIGINT NOT NULL,
  opened_at BIGINT NOT NULL, owner UUID, acknowledged_at BIGINT, words UUID, escalated BOOLEAN NOT NULL,
  resolved_at BIGINT, resolved_by UUID, result UUID
);
CREATE UNIQUE INDEX alarm_case_running ON alarm_case (kind, about) WHERE resolved_at IS NULL;
CREATE INDEX alarm_case_open ON alarm_case (opened_at, id) WHERE resolved_at IS NULL;
CREATE INDEX alarm_case_opened ON alarm_case (opened_at, id);
-- How often something failed since it last went well.
CREATE TABLE alarm_failures (name TEXT PRIMARY KEY, n BIGINT NOT NULL);
-- +goose Down
DROP TABLE alarm_failures;
DROP TABLE alarm_case;
