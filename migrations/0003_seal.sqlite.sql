-- +goose Up
CREATE TABLE seal_text (
	id  UUID PRIMARY KEY,
	org UUID NOT NULL,
	key UUID NOT NULL,
	box BLOB NOT NULL
);
CREATE INDEX seal_text_key ON seal_text (key);

-- +goose Down
DROP TABLE seal_text;
