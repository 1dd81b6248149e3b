-- +goose Up
-- A lawyer's own results: his samples and their last cards, without a row of either.
CREATE INDEX quality_check_last ON quality_check (sample, at);
DROP INDEX quality_sample_lawyer;
CREATE INDEX quality_sample_lawyer ON quality_sample (lawyer, sampled_at, id, state, fatal, minor);
-- +goose Down
DROP INDEX quality_sample_lawyer;
CREATE INDEX quality_sample_lawyer ON quality_sample (lawyer, sampled_at, id);
DROP INDEX quality_check_last;
