-- +goose Up
-- Sealed texts for rooms that read one along with a row of their own.
CREATE VIEW seal_text_v AS SELECT id, org, key, box FROM seal_text;
-- +goose Down
DROP VIEW seal_text_v;
