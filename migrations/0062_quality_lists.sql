-- +goose Up
-- Samples are listed newest first: all, of a state, of a lawyer, and the rare ones.
CREATE INDEX quality_sample_sampled ON quality_sample (sampled_at, id);
DROP INDEX quality_sample_state;
CREATE INDEX quality_sample_state ON quality_sample (state, sampled_at, id);
DROP INDEX quality_sample_lawyer;
CREATE INDEX quality_sample_lawyer ON quality_sample (lawyer, sampled_at, id);
CREATE INDEX quality_sample_fatal ON quality_sample (sampled_at, id) WHERE fatal;
CREATE INDEX quality_sample_minor ON quality_sample (sampled_at, id) WHERE minor;
CREATE INDEX quality_sample_added ON quality_sample (sampled_at, id) WHERE NOT drawn;
-- +goose Down
DROP INDEX quality_sample_added;
DROP INDEX quality_sample_minor;
DROP INDEX quality_sample_fatal;
DROP INDEX quality_sample_lawyer;
CREATE INDEX quality_sample_lawyer ON quality_sample (lawyer, id);
DROP INDEX quality_sample_state;
CREATE INDEX quality_sample_state ON quality_sample (state, id);
DROP INDEX quality_sample_sampled;
