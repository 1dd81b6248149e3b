-- +goose Up
-- How many citizens an export will hold, without a row of them.
CREATE INDEX identity_person_kind ON identity_person (kind, made_at, erased_at);
-- +goose Down
DROP INDEX identity_person_kind;
