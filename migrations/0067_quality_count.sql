-- +goose Up
-- The live board counts six months of inspected orders, a million orders have some
-- hundred thousand of them: counted in the index, in its order, without their rows.
CREATE INDEX quality_sample_counted ON quality_sample (month, state, fatal, minor, path) WHERE drawn;
-- All interventions, newest first; the path passes by other organisations' without their rows.
CREATE INDEX quality_intervention_opened ON quality_intervention (opened_at, id, path);
-- +goose Down
DROP INDEX quality_intervention_opened;
DROP INDEX quality_sample_counted;
