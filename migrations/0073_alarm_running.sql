-- +goose Up
-- A small organisation's running alarms: the others' are passed by without their rows.
DROP INDEX alarm_case_open;
CREATE INDEX alarm_case_open ON alarm_case (opened_at, id, path, kind, state, resolved_at) WHERE resolved_at IS NULL;
-- +goose Down
DROP INDEX alarm_case_open;
CREATE INDEX alarm_case_open ON alarm_case (opened_at, id) WHERE resolved_at IS NULL;
