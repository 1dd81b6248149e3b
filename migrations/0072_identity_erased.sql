-- +goose Up
-- Who is erased is left out of a count by looking at them, not at everybody.
CREATE INDEX identity_person_erased ON identity_person (id, erased_at) WHERE erased_at IS NOT NULL;
-- +goose Down
DROP INDEX identity_person_erased;
