-- +goose Up
-- A small organisation's alarms among all: path, kind and state pass by the others'
-- without their rows. Whose they are is an index of its own.
DROP INDEX alarm_case_opened;
CREATE INDEX alarm_case_opened ON alarm_case (opened_at, id, path, kind, state);
CREATE INDEX alarm_case_owner ON alarm_case (owner, opened_at, id) WHERE owner IS NOT NULL;
-- +goose Down
DROP INDEX alarm_case_owner;
DROP INDEX alarm_case_opened;
CREATE INDEX alarm_case_opened ON alarm_case (opened_at, id);
